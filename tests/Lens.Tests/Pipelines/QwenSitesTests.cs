using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>Every site of the reference in FLUX.2 klein and Z-Image, whose prompts stand in a chat template.</summary>
public sealed class QwenSitesTests
{
    /// <summary>The sites' share of the reference's tolerances: relative to the largest number of a tensor.</summary>
    public static TheoryData<string, string, double, double> References => new()
    {
        { "klein", Reference.Double, 1e-9, 1e-9 },
        { "klein", Reference.AsTheyAre, 7e-6, 5e-5 },
        { "zimage", Reference.Double, 1e-9, 1e-9 },
        { "zimage", Reference.AsTheyAre, 2e-6, 1e-4 },
    };

    [Theory]
    [MemberData(nameof(References))]
    public void Every_site_has_the_references_conditioning(string family, string precision, double tolerance, double ofImages)
    {
        _ = ofImages;
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwen.Load(family);
        Dictionary<string, Tensor> expected = Reference.Load("sites", family, precision);
        Lens lens = new(model);
        (string[] prompts, SiteCase[] cases) = SiteCase.Of(family);
        SiteCase[] stored = [.. cases.Where(one => expected.ContainsKey($"{one}.conditioning") && one.Denoiser is "" or "positions kept")];
        Assert.InRange(stored.Length, 40, cases.Length);
        IReadOnlyList<PromptEncoding> encodings = lens.Encode(
            prompts,
            prompt => [.. stored.Where(one => prompts[one.Prompt] == prompt).Select(one => one.Site(model.LayerCount))]);
        Assert.All(stored, one => TensorAssert.Close(
            model.Join(lens.Conditioning(encodings[one.Prompt], one.Site(model.LayerCount), one.EncoderMask)),
            expected[$"{one}.conditioning"].view(1, -1, expected[$"{one}.conditioning"].shape[^1]),
            tolerance,
            one.Name));
        foreach (PromptEncoding encoding in encodings)
        {
            encoding.Dispose();
        }
    }
}
