using Experiments.Answers;

namespace Experiments.Annotation;

/// <summary>
/// Where the page gets an image: under the hash of its pixels, which says nothing of its layer or prompt, and under which no browser can
/// have kept another one.
/// </summary>
internal static class ImageAddress
{
    /// <summary>What all of them begin with.</summary>
    public const string Folder = "/image/";

    public static string Of(Answer asked) => $"{Folder}{asked.ImageHash}";
}
