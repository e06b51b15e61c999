using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using DiffusionLens;
using Experiments.Files;
using Fluid;
using Microsoft.Extensions.FileProviders;

namespace Experiments.Reports;

/// <summary>
/// The template of a page in the program, which may include others. Texts that are set into it are escaped.
/// </summary>
internal sealed class HtmlTemplate
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly TemplateOptions Options = new()
    {
        MemberAccessStrategy = UnsafeMemberAccessStrategy.Instance,
        StrictVariables = true,
        FileProvider = new EmbeddedFileProvider(typeof(HtmlTemplate).Assembly, baseNamespace: ""),
    };

    private readonly IFluidTemplate _template;

    /// <param name="name">The name of its file.</param>
    public HtmlTemplate(string name) => _template = new FluidParser().Parse(Text(name));

    /// <summary>Writes a page, whole or not at all.</summary>
    /// <param name="content">What is set into the template, by its properties' names.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public void Write(object content, string path)
    {
        TemplateContext context = new(content, Options);
        context.SetValue("style", Text("report.css"));
        AtomicFile.WriteText(path, _template.Render(context, Encoder));
    }

    private static string Text(string name)
    {
        using Stream stream = typeof(HtmlTemplate).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the program");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
