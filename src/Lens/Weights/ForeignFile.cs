namespace DiffusionLens.Weights;

/// <summary>Weights that are kept for other programs, by their files' names.</summary>
internal static class ForeignFile
{
    private static readonly string[] Pickles = [".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle"];

    private static readonly (Predicate<string> IsOne, string Kind)[] Kinds =
    [
        (name => name.StartsWith("openvino_", StringComparison.OrdinalIgnoreCase), "OpenVINO's"),
        (name => name is "rust_model.ot", "Rust's"),
        (Ends(".msgpack"), "Flax's"),
        (Ends(".h5"), "TensorFlow's"),
        (Ends(".tflite"), "TensorFlow Lite's"),
        (Ends(".onnx", ".onnx_data", ".onnx.data", ".pb"), "ONNX's"),
        (Ends(".gguf", ".ggml"), "llama.cpp's"),
        (Ends(".engine", ".plan"), "TensorRT's"),
        (Ends(".mlmodel", ".mlpackage", ".mlmodelc"), "Core ML's"),
    ];

    /// <summary>Whose weights a file holds, such as <c>Flax's</c>; null of all others, pickles too.</summary>
    internal static string? OwnerOf(string name) => Array.Find(Kinds, kind => kind.IsOne(name)).Kind;

    /// <summary>Whether a file is torch's, which is a pickle: reading it can run any code that is in it.</summary>
    internal static bool IsPickle(string name)
        => OwnerOf(name) is null && Pickles.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file holds weights of any kind.</summary>
    internal static bool IsCheckpoint(string name)
        => Path.GetExtension(name) == WeightFileName.Extension || IsPickle(name) || OwnerOf(name) is not null;

    private static Predicate<string> Ends(params string[] endings)
        => name => Array.Exists(endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
