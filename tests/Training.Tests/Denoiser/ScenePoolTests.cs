using DiffusionLens;
using TorchSharp;
using Training.Denoiser;
using Training.Rendering;
using Training.Runs;
using Training.Tests.Rendering;
using static TorchSharp.torch;

namespace Training.Tests.Denoiser;

public class ScenePoolTests
{
    private const int Batch = 8, Size = 24;

    [SkippableFact]
    public void A_run_that_goes_on_draws_what_it_would_have_drawn()
    {
        using DisposeScope scope = NewDisposeScope();
        float[] third = DrawAt(step: 2, poolMadeAt: 0), resumed = DrawAt(step: 2, poolMadeAt: 2);
        Assert.Equal(third, resumed);
        Assert.NotEqual(third, DrawAt(step: 1, poolMadeAt: 0));
    }

    [SkippableFact]
    public void The_share_without_caption_has_the_states_of_the_empty_one()
    {
        using DisposeScope scope = NewDisposeScope();
        using FrozenParts parts = Parts();
        using ScenePool pool = new(parts, World.Load(Options()), Options(), firstStep: 0, Size);
        using Generator generator = new(1, CPU);
        Tensor silence = parts.States([""]);
        (_, Tensor all) = pool.Draw(Batch, shareWithoutCaption: 1, generator);
        (_, Tensor none) = pool.Draw(Batch, shareWithoutCaption: 0, generator);
        Assert.True(all.sub(silence).abs().max().ToSingle() == 0);
        Assert.True(none.sub(silence).abs().amax([1, 2]).min().ToSingle() > 0);
    }

    [SkippableFact]
    public void A_batch_that_cannot_be_renewed_evenly_is_refused()
    {
        TrainingOptions options = Options();
        World world = World.Load(options);
        using FrozenParts parts = Parts();

        BadInputException refused = Assert.Throws<BadInputException>(
            () => new ScenePool(parts, world, options with { Batch = 10 }, firstStep: 0, Size));

        Assert.Equal("--batch 10: give a multiple of 4, since each scene is met 4 times", refused.Message);
    }

    private static float[] DrawAt(long step, long poolMadeAt)
    {
        using FrozenParts parts = Parts();
        using ScenePool pool = new(parts, World.Load(Options()), Options(), poolMadeAt, Size);
        float[] drawn = [];
        for (long at = poolMadeAt; at <= step; at++)
        {
            using Generator generator = new(100 + (ulong)at, CPU);
            (Tensor latents, Tensor states) = pool.Draw(Batch, shareWithoutCaption: 0.1, generator);
            drawn = [.. latents.data<float>().ToArray(), .. states.contiguous().data<float>().ToArray()];
        }

        return drawn;
    }

    private static FrozenParts Parts() => FrozenParts.Load(Path.Combine(AppContext.BaseDirectory, "models", "mini-sd"), ScalarType.Float32);

    private static TrainingOptions Options() => new()
    {
        Art = InstalledArt.Folder(),
        Lexicon = InstalledArt.LexiconPath,
        Checkpoints = "",
        Models = "",
        Steps = 4,
        Batch = Batch,
        LearningRate = 1,
        Seed = 1,
        DType = ScalarType.Float32,
        FromModels = false,
    };
}
