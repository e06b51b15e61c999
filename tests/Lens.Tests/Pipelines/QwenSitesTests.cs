using DiffusionLens.Families.Flux2Klein;
using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>Every site of the reference in FLUX.2 klein and Z-Image, whose prompts stand in a chat template.</summary>
public sealed class QwenSitesTests(QwenSitesTests.Models models) : IClassFixture<QwenSitesTests.Models>
{
    /// <summary>
    /// How far the libraries' float32 islands move conditionings, relative to the largest number, latents, likewise, and images.
    /// </summary>
    private static readonly Dictionary<(string Family, string Precision), (double Rows, double Latents, double Image)> Tolerances = new()
    {
        [("klein", Reference.Double)] = (1e-9, 1e-9, 1e-9),
        [("klein", Reference.AsTheyAre)] = (7e-6, 5e-5, 1e-5),
        [("zimage", Reference.Double)] = (1e-9, 1e-9, 1e-9),
        [("zimage", Reference.AsTheyAre)] = (2e-6, 1e-4, 2e-5),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string family in new[] { "klein", "zimage" })
            {
                foreach (string name in SiteCase.NamesOf(family))
                {
                    cases.Add(family, name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_site_shows_and_the_image_of_it_are_those_of_the_reference(string family, string name)
    {
        using DisposeScope scope = NewDisposeScope();
        TextToImageModel model = models.Load(family);
        SiteCase one = SiteCase.Read(family, name);
        Lens lens = new(model);
        TextHandling handling = one.Handling with
        {
            Positions = name.EndsWith("positions_kept", StringComparison.Ordinal) ? RowPositions.Kept : RowPositions.Native,
        };
        ImageKey key = new(one.Prompt, one.SiteIn(model.Description), Seed: 0) { Handling = handling };
        using PromptEncoding encoding = Assert.Single(lens.Encode([key]));
        Tensor rows = model.Join(lens.Conditioning(encoding, key.Site, handling));
        foreach (string precision in new[] { Reference.Double, Reference.AsTheyAre })
        {
            Tensor expected = Reference.Load("sites", family, precision)[$"{name}.conditioning"];
            TensorAssert.Close(rows, expected.view(1, -1, expected.shape[^1]), Tolerances[(family, precision)].Rows, "conditioning");
            Dictionary<string, Tensor> images = Reference.Load("sites", $"{family}.images", precision);
            if (images.TryGetValue($"{name}.latents", out Tensor? latents))
            {
                LensImage made = Assert.Single(lens.Images([new PromptBatch(encoding, [key])], SmallQwen.Settings(family)));
                Tensor own = made.Latents.unsqueeze(0);
                TensorAssert.Close(
                    family == "klein" ? Flux2KleinPipeline.Tokens(own) : own, latents, Tolerances[(family, precision)].Latents, "latents");
                SmallQwen.AssertImage(made, images[$"{name}.image"], Tolerances[(family, precision)].Image);
            }
        }
    }

    /// <summary>The two small models in float64; the tests of a class run one after the other.</summary>
    public sealed class Models : IDisposable
    {
        private readonly Dictionary<string, TextToImageModel> _loaded = [];

        public TextToImageModel Load(string family)
            => _loaded.TryGetValue(family, out TextToImageModel? model) ? model : _loaded[family] = SmallQwen.Load(family);

        public void Dispose()
        {
            foreach (TextToImageModel model in _loaded.Values)
            {
                model.Dispose();
            }
        }
    }
}
