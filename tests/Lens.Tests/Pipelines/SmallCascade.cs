using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Pipelines;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>The reference's small DeepFloyd IF. It is not for several threads, so each test loads its own.</summary>
internal static class SmallCascade
{
    public static readonly string[] Stages = [Reference.PathOf(Reference.StageI), Reference.PathOf(Reference.StageII)];

    public static TextToImageModel Load(ScalarType dtype) => TextToImageModel.Load(Stages, new LoadOptions(dtype));

    /// <summary>Both stages, as <c>stage_I</c> and <c>stage_II</c>.</summary>
    public static void CopyTo(TemporaryFolder folder)
    {
        foreach (string source in Stages.SelectMany(stage => Directory.EnumerateFiles(stage, "*", SearchOption.AllDirectories)))
        {
            string target = folder[Path.GetRelativePath(Reference.PathOf("if"), source)];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(source));
        }
    }

    public static void Change(TemporaryFolder folder, string file, string key, string value)
    {
        JsonObject config = JsonSerializer.Deserialize<JsonObject>(File.ReadAllText(folder[file]))!;
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(folder[file], config.ToJsonString());
    }
}
