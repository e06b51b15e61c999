using System.Globalization;
using DiffusionLens.Families.Flux2Klein;
using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>Every site of the reference in FLUX.2 klein and Z-Image, whose prompts stand in a chat template.</summary>
public sealed class QwenSitesTests(QwenSitesTests.Models models) : IClassFixture<QwenSitesTests.Models>
{
    private const double Tolerance = 1e-9;

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

            cases.Add("klein", "keep_template.positions_kept");
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
        Tensor expected = Reference.Load("sites", family, Reference.Double)[$"{name}.conditioning"];
        TensorAssert.Close(rows, expected.view(1, -1, expected.shape[^1]), Tolerance, "conditioning");
        Dictionary<string, Tensor> images = Reference.Load("sites", $"{family}.images", Reference.Double);
        if (images.TryGetValue($"{name}.latents", out Tensor? latents))
        {
            LensImage made = Assert.Single(lens.Images([new PromptBatch(encoding, [key])], SmallQwen.Settings(family)));
            Tensor own = made.Latents.unsqueeze(0);
            TensorAssert.Close(family == "klein" ? Flux2KleinPipeline.Tokens(own) : own, latents, Tolerance, "latents");
            if (images.TryGetValue($"{name}.image", out Tensor? image))
            {
                SmallQwen.AssertImage(made, image, Tolerance);
            }
        }
    }

    [Theory]
    [InlineData("klein", SiteRest.EmptyAligned, 4)]
    [InlineData("klein", SiteRest.EmptyAlignedFinal, 4)]
    [InlineData("zimage", SiteRest.EmptyAligned, 2)]
    [InlineData("zimage", SiteRest.EmptyAlignedFinal, 2)]
    [InlineData("zimage", SiteRest.Empty, 2)]
    [InlineData("zimage", SiteRest.EmptyFinal, 2)]
    public void Of_a_prompt_that_is_cut_every_word_has_a_row_of_the_empty_prompt_that_its_pipeline_never_computes(
        string family, SiteRest rest, int layer)
    {
        using DisposeScope scope = NewDisposeScope();
        TextToImageModel model = models.Load(family);
        Lens lens = new(model);
        string prompt = string.Concat(Enumerable.Repeat("red circle ", 30));
        LensSite site = new(layer) { Tokens = SiteTokens.Template, Rest = rest };
        using PromptEncoding encoding = Assert.Single(lens.Encode([prompt], [site]));
        EncodedText empty = model.Encode("", EncoderRun.Native with { Positions = 90 });
        bool isFinal = rest is SiteRest.EmptyFinal or SiteRest.EmptyAlignedFinal, isAligned = rest > SiteRest.EmptyFinal;
        int written = model.Tokenize("")[0].Mask.Sum(), first = isAligned ? written : 3;
        Assert.Equal(90, empty.Encoders[0].Tokens.Ids.Count);
        Tensor rows = model.Join(lens.Conditioning(encoding, site));
        Tensor expected = cat([.. model.Description.Reads
            .Select(read => empty.Encoders[0].States[isFinal ? read.Layer : Math.Min(read.Layer, layer)].narrow(1, first, 37))], -1);
        Assert.Equal(40, rows.shape[1]);
        TensorAssert.Close(rows.narrow(1, 3, 37), expected, 1e-12, "rest");
    }

    [Theory]
    [InlineData("klein")]
    [InlineData("zimage")]
    public void Rows_of_another_prompt_may_be_ones_that_its_pipeline_never_computes(string family)
    {
        using DisposeScope scope = NewDisposeScope();
        TextToImageModel model = models.Load(family);
        Lens lens = new(model);
        LensSite site = new(2) { Tokens = SiteTokens.Prompt, Rest = SiteRest.Native, Source = "", Norm = SiteNorm.Matched };
        using PromptEncoding encoding = Assert.Single(lens.Encode([SmallModel.Prompt], [site]));
        LensSite other = site with { Tokens = SiteTokens.Template, Rest = SiteRest.EmptyAligned, Source = null };
        Tensor words = model.Join(lens.Conditioning(encoding, site)).narrow(1, 3, 7);
        TensorAssert.Close(words, model.Join(lens.Conditioning(encoding, other)).narrow(1, 3, 7), 1e-12, "words");
    }

    [Theory]
    [InlineData("klein", "word:cat", SiteRest.Native, "\"cat\" is not a word of the prompt \"a red circle and a blue square\"")]
    [InlineData("zimage", "padding", SiteRest.Zero, "tokens is padding, but this model reads none")]
    [InlineData("klein", "token:40", SiteRest.Zero, "there is no token 40 in the prompt")]
    public void What_is_not_there_is_refused_before_a_prompt_is_encoded(string family, string tokens, SiteRest rest, string error)
    {
        LensSite site = new(2)
        {
            Tokens = tokens.Split(':') switch
            {
                ["word", string word] => SiteTokens.Word(word),
                ["token", string position] => SiteTokens.Token(int.Parse(position, CultureInfo.InvariantCulture)),
                _ => SiteTokens.Padding,
            },
            Rest = rest,
        };
        Assert.StartsWith(
            error,
            Assert.Throws<BadInputException>(() => new Lens(models.Load(family)).Encode([SmallModel.Prompt], [site])).Message,
            StringComparison.Ordinal);
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
