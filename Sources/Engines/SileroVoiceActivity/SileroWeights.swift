import CVoiceActivity
import Conversation
import Diagnostics
import Foundation

/// Reads the weights of Silero's network at 8 kHz out of the published ONNX file.
///
/// The file holds two networks as the branches of an `If`; the one for 8 kHz is in the `else` branch, its weights as constants.
enum SileroWeights {
    /// The tensors, as their names end, and how many numbers each has; in the order that ``agentos_vad_open`` wants.
    private static let tensors: [(name: String, count: Int)] = [
        ("stft.forward_basis_buffer", 130 * 128),
        ("encoder.0.reparam_conv.weight", 128 * 65 * 3), ("encoder.0.reparam_conv.bias", 128),
        ("encoder.1.reparam_conv.weight", 64 * 128 * 3), ("encoder.1.reparam_conv.bias", 64),
        ("encoder.2.reparam_conv.weight", 64 * 64 * 3), ("encoder.2.reparam_conv.bias", 64),
        ("encoder.3.reparam_conv.weight", 128 * 64 * 3), ("encoder.3.reparam_conv.bias", 128),
        ("decoder.rnn.weight_ih", 512 * 128), ("decoder.rnn.weight_hh", 512 * 128),
        ("decoder.rnn.bias_ih", 512), ("decoder.rnn.bias_hh", 512),
        ("decoder.decoder.2.weight", 128), ("decoder.decoder.2.bias", 1),
    ]
    /// Larger files are not read; Silero's has 2.3 MB.
    private static let largestFile = 32 << 20

    /// Reads all weights, ``AGENTOS_VAD_WEIGHTS`` numbers.
    ///
    /// - Throws: ``EngineError`` with `invalid` where the file is damaged or something else.
    static func read(_ path: String) throws(EngineError) -> [Float] {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            let bytes = [UInt8](try file.read(upToCount: largestFile) ?? Data())
            return try weights(in: bytes[...])
        } catch is ProtobufFields.Malformed {
            throw EngineError(.invalid, "the voice activity model \(path) is cut off, damaged or something else; run make setup again")
        } catch let error as Missing {
            throw EngineError(.invalid, "\(path) is not Silero's voice activity model for 8 kHz: it has no \(error.name); run make setup again")
        } catch {
            throw EngineError(.invalid, "the voice activity model \(path) could not be read: \(ErrorText.of(error))")
        }
    }

    /// A tensor that is not there, or not as large as it must be.
    private struct Missing: Error {
        let name: String
    }

    private static func weights(in model: ArraySlice<UInt8>) throws -> [Float] {
        var found: [String: ArraySlice<UInt8>] = [:]
        for graph in try ProtobufFields.all(ONNX.graph, in: model) {
            for branch in try narrowbandBranches(of: graph) {
                for node in try ProtobufFields.all(ONNX.node, in: branch) {
                    guard let (name, numbers) = try constant(node), let ending = tensors.first(where: { name.hasSuffix("__\($0.name)") }) else {
                        continue
                    }
                    found[ending.name] = numbers
                }
            }
        }
        var weights: [Float] = []
        weights.reserveCapacity(Int(AGENTOS_VAD_WEIGHTS))
        for tensor in tensors {
            guard let numbers = found[tensor.name], numbers.count == tensor.count * MemoryLayout<Float>.size else { throw Missing(name: tensor.name) }
            weights += unsafe numbers.withUnsafeBytes { bytes in
                (0..<tensor.count).map { place in
                    Float(bitPattern: UInt32(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self)))
                }
            }
        }
        guard weights.count == Int(AGENTOS_VAD_WEIGHTS), weights.allSatisfy(\.isFinite) else { throw ProtobufFields.Malformed() }
        return weights
    }

    /// The graphs of the `else` branches in a graph.
    private static func narrowbandBranches(of graph: ArraySlice<UInt8>) throws -> [ArraySlice<UInt8>] {
        var branches: [ArraySlice<UInt8>] = []
        for node in try ProtobufFields.all(ONNX.node, in: graph) {
            for attribute in try ProtobufFields.all(ONNX.attribute, in: node)
            where try ProtobufFields.all(ONNX.attributeName, in: attribute).first.map({ $0.elementsEqual("else_branch".utf8) }) == true {
                branches += try ProtobufFields.all(ONNX.attributeGraph, in: attribute)
            }
        }
        return branches
    }

    /// The name and the bytes of a node that is a constant with raw numbers; nil for other nodes.
    private static func constant(_ node: ArraySlice<UInt8>) throws -> (name: String, numbers: ArraySlice<UInt8>)? {
        for attribute in try ProtobufFields.all(ONNX.attribute, in: node) {
            for tensor in try ProtobufFields.all(ONNX.attributeTensor, in: attribute) {
                guard let numbers = try ProtobufFields.all(ONNX.tensorRawData, in: tensor).first,
                    let name = try ProtobufFields.all(ONNX.nodeOutput, in: node).first
                else { continue }
                return (String(decoding: name, as: UTF8.self), numbers)
            }
        }
        return nil
    }

    /// The numbers of ONNX's fields (onnx.proto).
    private enum ONNX {
        static let graph = 7
        static let node = 1
        static let nodeOutput = 2
        static let attribute = 5
        static let attributeName = 1
        static let attributeTensor = 5
        static let attributeGraph = 6
        static let tensorRawData = 9
    }
}
