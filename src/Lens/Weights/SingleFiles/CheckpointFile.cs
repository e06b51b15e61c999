using DiffusionLens.Configs;
using Microsoft.Win32.SafeHandles;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>What the header of a single file says.</summary>
/// <param name="Path">The file.</param>
/// <param name="Tensors">Its tensors, without the <c>state_dict.</c> that some pickles leave before their names.</param>
/// <param name="Metadata">What its writer said of it.</param>
internal sealed record CheckpointFile(
    string Path,
    IReadOnlyDictionary<string, TensorEntry> Tensors,
    IReadOnlyDictionary<string, string> Metadata)
{
    private const string PickledPrefix = "state_dict.";

    private static readonly string[] PickleExtensions = [".ckpt", ".pt", ".pth", ".bin", ".pkl"];

    /// <exception cref="BadInputException">It cannot be read, is a pickle or of another format, or its header is not in order.</exception>
    public static CheckpointFile Read(string path)
    {
        RefuseOtherFormats(path);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Dictionary<string, TensorEntry> tensors = [];
        foreach (TensorEntry entry in file.Entries.Values)
        {
            string name = entry.Name.StartsWith(PickledPrefix, StringComparison.Ordinal) ? entry.Name[PickledPrefix.Length..] : entry.Name;
            if (!tensors.TryAdd(name, entry))
            {
                throw new BadInputException($"{path}: has the tensor '{name}' with and without '{PickledPrefix}'; which one counts?");
            }
        }

        return new CheckpointFile(path, tensors, file.Metadata);
    }

    /// <summary>Whether any tensor's name begins so.</summary>
    public bool Has(string prefix) => Tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));

    private static void RefuseOtherFormats(string path)
    {
        byte[] start = new byte[4];
        using (SafeFileHandle file = InputFile.Open(path))
        {
            RandomAccess.Read(file, start, 0);
        }

        string extension = System.IO.Path.GetExtension(path).ToLowerInvariant();
        if (PickleExtensions.Contains(extension) || IsPickle(start))
        {
            throw new BadInputException(
                $"{path}: is a pickle, and reading a pickle can run any code that is in it, so it is not opened; take the .safetensors of "
                + "the same model, which nearly all have, or convert it where that risk is acceptable, in Python: "
                + "tensors = torch.load(path, weights_only=True); tensors = tensors.get('state_dict', tensors); "
                + "safetensors.torch.save_file({k: v.contiguous() for k, v in tensors.items() if torch.is_tensor(v)}, "
                + "'model.safetensors')");
        }

        if (extension == ".gguf" || start.AsSpan().SequenceEqual("GGUF"u8))
        {
            throw new BadInputException(
                $"{path}: is a GGUF file, whose weights are quantized; that is not supported: take the .safetensors of the same model");
        }
    }

    /// <summary>Torch writes a zip archive, and before version 1.6 wrote a bare pickle.</summary>
    private static bool IsPickle(byte[] start) => start is [(byte)'P', (byte)'K', 3, 4] || start is [0x80, >= 2 and <= 5, _, not 0];
}
