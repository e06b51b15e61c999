using System.Diagnostics;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Tests.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests;

public sealed class EncodedDepthTests
{
    private static readonly SamplerSettings Settings = new() { Steps = 2 };

    [Fact]
    public void No_block_runs_above_the_deepest_layer_that_an_image_reads()
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float32));
        using PromptEncoding shallow = Encoded(lens, new LensSite(1), new LensSite(2)), whole = lens.Encode(SmallModel.Prompt);
        Assert.Equal(2, Assert.Single(shallow.Encoders).LayerCount);
        Assert.Equal(5, Assert.Single(whole.Encoders).LayerCount);
        Assert.Equal(Bytes(lens, whole, 2), Bytes(lens, shallow, 2));
    }

    [Fact]
    public void What_an_image_reads_of_the_prompt_beside_its_site_is_there()
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float32));
        LensSite words = new(1) { Tokens = SiteTokens.Prompt, Rest = SiteRest.Native };
        using PromptEncoding shallow = Encoded(lens, words), whole = lens.Encode(SmallModel.Prompt);
        Assert.Equal(5, Assert.Single(shallow.Encoders).LayerCount);
        Assert.True(AreEqual(lens.Conditioning(shallow, words), lens.Conditioning(whole, words)));
    }

    [Fact]
    public void A_deeper_layer_that_was_not_foreseen_is_encoded_on_demand()
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float32));
        using PromptEncoding shallow = Encoded(lens, new LensSite(1)), whole = lens.Encode(SmallModel.Prompt);
        Assert.True(AreEqual(lens.Conditioning(shallow, new LensSite(4)), lens.Conditioning(whole, new LensSite(4))));
    }

    [Fact]
    public void Each_text_is_encoded_once_however_many_images_and_prompts_need_it()
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float32));
        string[] prompts = ["a dog", "a cat", "a dog"];
        ImageKey[] images =
        [
            .. from prompt in prompts from layer in Enumerable.Range(0, 6) from seed in new ulong[] { 0, 1 }
               select new ImageKey(prompt, new LensSite(layer), seed),
        ];
        int encoded = CountOf("encode", () =>
        {
            foreach (PromptEncoding encoding in lens.Encode(images))
            {
                encoding.Dispose();
            }
        });
        Assert.Equal(3, encoded);
    }

    private static PromptEncoding Encoded(Lens lens, params LensSite[] sites)
        => Assert.Single(lens.Encode([.. sites.Select(site => new ImageKey(SmallModel.Prompt, site, 0))]));

    private static byte[] Bytes(Lens lens, PromptEncoding encoding, int layer)
        => Assert.Single(lens.Images(encoding, [new LensSite(layer)], [0], Settings)).Pixels.bytes.ToArray();

    private static bool AreEqual(TextReads one, TextReads other)
        => one.States.Zip(other.States).All(pair => pair.First.bytes.SequenceEqual(pair.Second.bytes));

    // Other tests tell of theirs at the same time.
    private static int CountOf(string name, Action work)
    {
        using ActivitySource source = new(nameof(EncodedDepthTests));
        int count = 0;
        Activity? own = null;
        using ActivityListener listener = new()
        {
            ShouldListenTo = heard => heard.Name is LensActivity.SourceName or nameof(EncodedDepthTests),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
            ActivityStopped = activity => count += activity.OperationName == name && activity.Parent == own && own is not null ? 1 : 0,
        };
        ActivitySource.AddActivityListener(listener);
        own = source.StartActivity("test");
        work();
        own!.Stop();
        return count;
    }
}
