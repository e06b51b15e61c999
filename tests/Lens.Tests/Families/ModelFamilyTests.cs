using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tests.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Families;

public sealed class ModelFamilyTests
{
    private static readonly SamplerSettings Quick = new() { Steps = 2 };

    /// <summary>A small model of every family, and each of their shapes.</summary>
    public static TheoryData<string[]> Models =>
        [[Reference.PathOf("sd1")], [Reference.PathOf("sd2")], [SmallCascade.Stages[0]], SmallCascade.Stages];

    [Theory]
    [MemberData(nameof(Models))]
    public void At_the_deepest_layer_the_lens_gives_the_models_own_image_bit_for_bit(string[] folders)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = TextToImageModel.Load(folders);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt, "a green cat");
        ImageKey key = new(SmallModel.Prompt, new LensSite(model.LayerCount), 11);
        LensImage seen = Assert.Single(lens.Images(encoding, [key.Site], [key.Seed], Quick));

        using TextConditioning text = Own(SmallModel.Prompt), negative = Own("a green cat");
        LensImage own = Assert.Single(model.Generate([new ImageBatch([new ImageRequest(key, text, negative)])], Quick));

        Assert.Equal(own.Key, seen.Key);
        Assert.True(seen.Latents.equal(own.Latents).all().item<bool>());
        Assert.True(seen.Pixels.equal(own.Pixels).all().item<bool>());

        TextConditioning Own(string prompt) => model.Condition(model.NativeReads(model.Encode(prompt)));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Above_it_the_image_is_another(string[] folders)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = TextToImageModel.Load(folders);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        IReadOnlyList<LensImage> images = lens.Images(encoding, [new(model.LayerCount - 1), new(model.LayerCount)], [11], Quick);
        Assert.False(images[0].Pixels.equal(images[1].Pixels).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void What_is_told_of_a_model_without_loading_it_is_what_the_loaded_model_tells(string[] folders)
    {
        using TextToImageModel model = TextToImageModel.Load(folders);
        ModelDescription told = ModelFamily.Of(folders).Describe(folders);
        Assert.Equivalent(model.Description, told, strict: true);
    }

    [Fact]
    public void A_family_tells_what_suits_it()
    {
        ModelDescription diffusion = Told(Reference.PathOf("sd1")), first = Told(SmallCascade.Stages[0]), both = Told(SmallCascade.Stages);
        Assert.Equal(("Stable Diffusion", 7.5, 1, false, null), Facts(diffusion));
        Assert.Equal(("DeepFloyd IF", 7, 1, true, null), Facts(first));
        Assert.Equal(("DeepFloyd IF", 7, 2, true, new SuperResolutionSettings()), Facts(both));
        Assert.Equal([EncoderKind.Clip, EncoderKind.T5], new[] { diffusion, both }.Select(model => Assert.Single(model.Encoders).Kind));

        static ModelDescription Told(params string[] folders) => ModelFamily.Of(folders).Describe(folders);

        static (string, double, int, bool, SuperResolutionSettings?) Facts(ModelDescription model)
            => (model.Family, model.DefaultGuidance, model.StageCount, model.HasStages, model.DefaultSuperResolution);
    }

    [Fact]
    public void Models_and_later_stages_are_told_from_other_folders()
    {
        Assert.True(ModelFamily.IsModel(Reference.PathOf("sd1")));
        Assert.True(ModelFamily.IsModel(Reference.PathOf("if")));
        Assert.False(ModelFamily.IsModel(Reference.PathOf("sd1", "unet")));
        Assert.True(ModelFamily.IsContinuation(SmallCascade.Stages[1]));
        Assert.False(ModelFamily.IsContinuation(SmallCascade.Stages[0]));
        Assert.False(ModelFamily.IsContinuation(Reference.PathOf("sd1", "unet")));
    }

    [Fact]
    public void Stages_in_one_folder_are_opened_in_their_order()
        => Assert.Equal(SmallCascade.Stages, ModelFamily.Open([Reference.PathOf("if")]).Select(stage => stage.Path));
}
