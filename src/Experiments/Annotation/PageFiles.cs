using Microsoft.AspNetCore.Http;

namespace Experiments.Annotation;

/// <summary>The files of the page, which are in the program.</summary>
internal static class PageFiles
{
    private static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    /// <summary>Sends one.</summary>
    /// <param name="name">Its name.</param>
    public static async Task Send(HttpContext context, string name)
    {
        context.Response.ContentType = Types[Path.GetExtension(name)];
        await using Stream stream = typeof(PageFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the program");
        context.Response.ContentLength = stream.Length;
        await stream.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
