namespace Experiments.Specs;

/// <summary>Who can be asked: what <c>answers:</c> in a spec and <c>--annotators</c> take.</summary>
internal static class AnnotatorKinds
{
    /// <summary>People, who fill in <c>questions.csv</c>.</summary>
    public const string People = "people";

    /// <summary>The recognizer that the model's settings name.</summary>
    public const string Recognizer = "recognizer";

    /// <summary>A vision-language model behind the OpenAI API.</summary>
    public const string VisionModel = "vlm";

    /// <summary>CLIP without training.</summary>
    public const string Clip = "clip";

    public static IReadOnlyList<string> All { get; } = [People, Recognizer, VisionModel, Clip];
}
