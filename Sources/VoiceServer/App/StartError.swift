/// Why the server cannot start or go on: one line for standard error and the exit code.
package struct StartError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds, as sysexits numbers them.
    package enum Code: Int32, Sendable {
        /// A file that was named is not there (EX_NOINPUT).
        case missingInput = 66
        /// A file holds something else than it should (EX_DATAERR).
        case badData = 65
        /// The address is in use or not ours (EX_UNAVAILABLE).
        case unavailable = 69
        /// A folder or file cannot be written (EX_CANTCREAT).
        case cannotCreate = 73
        /// A setting is wrong (EX_CONFIG).
        case configuration = 78
    }

    /// What kind it is.
    package var code: Code
    /// What, why, how to mend it.
    package var message: String
    /// The setting whose value is wrong, where it is one.
    var setting: SettingFault?

    /// Makes an error.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

/// What is wrong with the value of a setting.
struct SettingFault: Sendable, Equatable {
    /// The setting.
    var key: SettingKey
    /// What is wrong with it, without its name.
    var problem: String
}
