/// Units of measure after a number.
enum SpokenUnit {
    /// The unit's name after one, and after any other number.
    private static let names: [String: (one: String, many: String)] = [
        "km": ("kilometer", "kilometers"), "m": ("meter", "meters"), "cm": ("centimeter", "centimeters"), "mm": ("millimeter", "millimeters"),
        "µm": ("micrometer", "micrometers"), "mi": ("mile", "miles"), "ft": ("foot", "feet"), "yd": ("yard", "yards"),
        "km²": ("square kilometer", "square kilometers"), "m²": ("square meter", "square meters"), "ft²": ("square foot", "square feet"),
        "cm²": ("square centimeter", "square centimeters"), "m³": ("cubic meter", "cubic meters"), "cm³": ("cubic centimeter", "cubic centimeters"),
        "kg": ("kilogram", "kilograms"), "g": ("gram", "grams"), "mg": ("milligram", "milligrams"), "µg": ("microgram", "micrograms"),
        "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"), "oz": ("ounce", "ounces"),
        "l": ("liter", "liters"), "L": ("liter", "liters"), "ml": ("milliliter", "milliliters"), "mL": ("milliliter", "milliliters"),
        "gal": ("gallon", "gallons"), "tsp": ("teaspoon", "teaspoons"), "tbsp": ("tablespoon", "tablespoons"),
        "°": ("degree", "degrees"), "°C": ("degree celsius", "degrees celsius"), "°F": ("degree fahrenheit", "degrees fahrenheit"),
        "kB": ("kilobyte", "kilobytes"), "KB": ("kilobyte", "kilobytes"), "MB": ("megabyte", "megabytes"),
        "GB": ("gigabyte", "gigabytes"), "TB": ("terabyte", "terabytes"), "PB": ("petabyte", "petabytes"),
        "kbps": ("kilobit per second", "kilobits per second"), "Mbps": ("megabit per second", "megabits per second"),
        "Gbps": ("gigabit per second", "gigabits per second"), "MB/s": ("megabyte per second", "megabytes per second"),
        "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"), "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"),
        "W": ("watt", "watts"), "kW": ("kilowatt", "kilowatts"), "MW": ("megawatt", "megawatts"), "kWh": ("kilowatt hour", "kilowatt hours"),
        "V": ("volt", "volts"), "mAh": ("milliamp hour", "milliamp hours"), "dB": ("decibel", "decibels"),
        "mph": ("mile per hour", "miles per hour"), "km/h": ("kilometer per hour", "kilometers per hour"),
        "kmh": ("kilometer per hour", "kilometers per hour"), "kph": ("kilometer per hour", "kilometers per hour"),
        "m/s": ("meter per second", "meters per second"), "mpg": ("mile per gallon", "miles per gallon"),
        "rpm": ("revolution per minute", "revolutions per minute"), "bpm": ("beat per minute", "beats per minute"),
        "ms": ("millisecond", "milliseconds"), "s": ("second", "seconds"), "sec": ("second", "seconds"), "secs": ("second", "seconds"),
        "min": ("minute", "minutes"), "mins": ("minute", "minutes"), "h": ("hour", "hours"), "hr": ("hour", "hours"), "hrs": ("hour", "hours"),
        "kcal": ("kilocalorie", "kilocalories"), "cal": ("calorie", "calories"), "px": ("pixel", "pixels"),
        "ppm": ("part per million", "parts per million"),
        "%": ("percent", "percent"), "ºC": ("degree celsius", "degrees celsius"), "ºF": ("degree fahrenheit", "degrees fahrenheit"),
    ]

    /// Powers of ten that are words of their own.
    static let magnitudes: Set<String> = ["hundred", "thousand", "million", "billion", "trillion"]

    /// The words of a unit, if it is one.
    static func words(_ unit: String, isOne: Bool) -> [String]? {
        guard let name = names[unit] else { return nil }
        return (isOne ? name.one : name.many).split(separator: " ").map(String.init)
    }

    /// Characters that units are written with.
    static func isPart(_ character: Character) -> Bool { character.isLetter || "°º²³/%".contains(character) }

    /// A unit or a currency that stands apart from its number: "5 km", "5 USD".
    static func read(_ point: ReadingPoint) -> Reading? {
        guard let number = point.joinedPrevious?.core, number.last?.isDigit == true else { return nil }
        let isOne = ["1", "-1"].contains(String(number)) || number.contains("/")
        let currency = Currency.of(point.word.text).map { [isOne ? $0.names.one : $0.names.many] }
        guard let words = currency ?? words(point.word.text, isOne: isOne) else { return nil }
        return .one(words, dropsStop: !point.canEndSentence)
    }

    /// Whether the next word says what the number before it counts.
    static func isNext(after point: ReadingPoint) -> Bool {
        guard let next = point.joinedNext?.text else { return false }
        return names[next] != nil || magnitudes.contains(next) || Currency.of(next) != nil
    }
}
