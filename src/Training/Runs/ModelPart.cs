using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Configs;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>A part of a diffusers folder as the trainings leave it: <c>config.json</c> and float16 weights.</summary>
internal static class ModelPart
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <param name="network">Its parameters, under their checkpoint names, are saved in float16.</param>
    /// <param name="config">What <c>config.json</c> will say.</param>
    /// <param name="folder">The part's folder.</param>
    /// <param name="weights">Name of the weights' file, without its ending.</param>
    public static void Save(nn.Module network, JsonNode config, string folder, string weights = "diffusion_pytorch_model")
    {
        using DisposeScope scope = NewDisposeScope();
        Directory.CreateDirectory(folder);
        WriteJson(config, Path.Combine(folder, "config.json"));
        Dictionary<string, Tensor> half = network.named_parameters()
            .ToDictionary(pair => pair.name, pair => pair.parameter.detach().to(ScalarType.Float16));
        SafetensorsWriter.Write(Path.Combine(folder, weights + ".safetensors"), half, new Dictionary<string, string> { ["format"] = "pt" });
    }

    /// <summary>Sets a network's parameters from a saved part: the start of a training that goes on where another ended.</summary>
    public static void Load(nn.Module network, string folder)
    {
        using WeightFiles weights = WeightFiles.Open(folder);
        weights.LoadInto(network);
    }

    /// <summary>Writes a JSON file, indented, with a final newline.</summary>
    public static void WriteJson(JsonNode json, string path) => File.WriteAllText(path, json.ToJsonString(Indented) + "\n");

    /// <summary>A saved part's <c>config.json</c>.</summary>
    /// <exception cref="DiffusionLens.BadInputException">There is none.</exception>
    public static JsonElement ReadConfig(string folder) => ConfigFile.ReadObject(Path.Combine(folder, "config.json"));
}
