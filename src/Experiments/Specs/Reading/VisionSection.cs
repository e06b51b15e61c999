using Experiments.Catalog;

namespace Experiments.Specs.Reading;

/// <summary>Reads <c>vlm:</c>, which vision-language model is asked.</summary>
internal static class VisionSection
{
    /// <param name="node">What stands under <c>vlm</c>, or null.</param>
    /// <exception cref="DiffusionLens.BadInputException">A key is unknown, or the prompt is none.</exception>
    public static VisionSpec Read(Node? node)
    {
        if (node is null)
        {
            return new VisionSpec();
        }

        Fields fields = new(node, "the vision-language model", "url", "model", "prompt");
        return new VisionSpec
        {
            Url = fields.Optional("url")?.Text("an address such as http://localhost:8080/v1").Value,
            Model = fields.Optional("model")?.Text("the model's name at the server").Value,
            Prompt = fields.Optional("prompt") is { } prompt ? PromptOf(prompt) : null,
        };
    }

    // A file beside the spec comes before those of the current folder and of the tool.
    private static VisionPrompt PromptOf(Node node)
    {
        string name = node.Text("score, yes-no or a file such as my-prompt.yaml").Value;
        string beside = Path.Combine(Path.GetDirectoryName(node.Location.File) ?? "", name);
        return VisionPromptReader.Read(File.Exists(beside) ? beside : AssetCatalog.Prompts.Find(name).Path);
    }
}
