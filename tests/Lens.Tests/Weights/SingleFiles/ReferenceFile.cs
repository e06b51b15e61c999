using System.Text.Json;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Weights.SingleFiles;

/// <summary>
/// The single files of the reference, composed of their folders' tensors by <c>reference/single_file/*.json</c>: what each tensor is in the
/// folder was found by comparing contents, not by any rule of names.
/// </summary>
internal sealed class ReferenceFile
{
    private readonly JsonElement _map;

    private ReferenceFile(string name, JsonElement map)
    {
        Name = name;
        _map = map;
    }

    public static readonly string[] Names = ["sd1", "sd2", "sdxl"];

    public string Name { get; }

    /// <summary>The folder that has its configs.</summary>
    public string Configs => Name == "sdxl" ? Reference.PathOf("single_file", Name) : Reference.PathOf(Name);

    public IEnumerable<(string Name, string Part, string How, long[] Shape, string[] Folder, long[] FolderShape)> Tensors =>
        _map.GetProperty("tensors").EnumerateObject().Select(tensor => (
            tensor.Name,
            tensor.Value.GetProperty("part").GetString()!,
            tensor.Value.GetProperty("how").GetString()!,
            Shape(tensor.Value.GetProperty("shape")),
            tensor.Value.GetProperty("folder").EnumerateArray().Select(name => name.GetString()!).ToArray(),
            Shape(tensor.Value.GetProperty("folder_shape"))));

    public int IgnoredCount => _map.GetProperty("ignored").EnumerateObject().Count();

    public static ReferenceFile Of(string name)
    {
        using JsonDocument map = JsonDocument.Parse(File.ReadAllBytes(Reference.PathOf("single_file", $"{name}.json")));
        return new ReferenceFile(name, map.RootElement.Clone());
    }

    /// <summary>The folder's tensors, by part and name; of SDXL, which has no folder here, random ones. To the caller's scope.</summary>
    public Dictionary<(string Part, string Name), Tensor> FolderTensors()
    {
        if (Name == "sdxl")
        {
            return Tensors
                .SelectMany(tensor => tensor.Folder.Select(name => (Key: (tensor.Part, name), tensor.FolderShape)))
                .ToDictionary(tensor => tensor.Key, tensor => randn(tensor.FolderShape).to(ScalarType.Float16));
        }

        Dictionary<(string, string), Tensor> tensors = [];
        foreach (string part in new[] { "unet", "vae", "text_encoder" })
        {
            string file = part == "text_encoder" ? "model" : "diffusion_pytorch_model";
            using SafetensorsFile opened = SafetensorsFile.Open(Reference.PathOf(Name, part, $"{file}.safetensors"));
            foreach (string name in opened.Entries.Keys)
            {
                tensors.Add((part, name), opened.Read(name));
            }
        }

        return tensors;
    }

    /// <summary>The single file's tensors. To the caller's scope.</summary>
    public Dictionary<string, Tensor> Compose(Dictionary<(string Part, string Name), Tensor> folder)
    {
        Dictionary<string, Tensor> tensors = [];
        foreach ((string name, string part, string how, long[] shape, string[] names, _) in Tensors)
        {
            Tensor[] sources = [.. names.Select(source => folder[(part, source)])];
            tensors.Add(name, (how switch
            {
                "thirds" => cat(sources, 0),
                "transposed" => sources[0].t().contiguous(),
                _ => sources[0],
            }).reshape(shape));
        }

        foreach (JsonProperty ignored in _map.GetProperty("ignored").EnumerateObject())
        {
            SafetensorsType type = SafetensorsType.Named(ignored.Value.GetProperty("dtype").GetString())!;
            tensors.Add(ignored.Name, ones(Shape(ignored.Value.GetProperty("shape")), type.DType));
        }

        return tensors;
    }

    /// <summary>Writes the single file, with changes to names and tensors.</summary>
    public string Write(
        TemporaryFolder folder,
        Action<Dictionary<string, Tensor>>? change = null,
        Func<string, string>? rename = null,
        Dictionary<string, string>? metadata = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = Compose(FolderTensors());
        change?.Invoke(tensors);
        string path = folder[$"{Name}.safetensors"];
        SafetensorsWriter.Write(path, tensors.ToDictionary(pair => rename?.Invoke(pair.Key) ?? pair.Key, pair => pair.Value), metadata);
        return path;
    }

    private static long[] Shape(JsonElement list) => [.. list.EnumerateArray().Select(size => size.GetInt64())];
}
