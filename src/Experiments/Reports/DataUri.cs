namespace Experiments.Reports;

/// <summary>Files inside a page.</summary>
internal static class DataUri
{
    /// <summary>A <c>data:</c> URI.</summary>
    /// <param name="type">The media type, such as <c>image/png</c>.</param>
    public static string Of(string type, byte[] content) => $"data:{type};base64,{Convert.ToBase64String(content)}";
}
