using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DiffusionLens;
using DiffusionLens.Runtime;
using Experiments.Specs;
using MiniWorld;

namespace Experiments.Plans;

/// <summary>
/// Draws the prompts of a condition. They do not depend on the other conditions, and a smaller sample is the beginning of a larger one.
/// </summary>
internal static class PromptSampler
{
    /// <param name="lexicon">The words of the model.</param>
    /// <param name="seed">The spec's seed for the drawing of prompts.</param>
    /// <param name="most">At most so many.</param>
    /// <returns>The prompts, and how many the condition has without that limit.</returns>
    /// <exception cref="BadInputException">A file cannot be read, or there are too few words, lines or captions.</exception>
    public static (IReadOnlyList<SampledPrompt> Prompts, int Count) Draw(ConditionSpec condition, Lexicon lexicon, ulong seed, int most)
    {
        SplitMix64 random = new(SeedOf(seed, condition.DrawnAs));
        if (condition.Prompts is PromptSource.FromTemplate template)
        {
            int count = condition.Sample!.Value;
            return ([.. new TemplateSampler(condition, template, lexicon, random).Draw(Math.Min(count, most))], count);
        }
        (IReadOnlyList<SampledPrompt> all, string kind) = condition.Prompts switch
        {
            PromptSource.FromTable table => (TablePrompts.Read(table), $"different prompts in {table.Path}"),
            PromptSource.FromCaptions captions => (CaptionPrompts.Read(captions, lexicon), CaptionPrompts.Describe(captions)),
            _ => throw new ArgumentException($"No prompts from {condition.Prompts}", nameof(condition)),
        };
        int sample = condition.Sample ?? all.Count;
        if (sample > all.Count || sample == 0)
        {
            throw condition.Location.Error(
                sample == 0 ? $"no prompt is left: there are 0 {kind}" : $"sample: {sample}, but there are only {all.Count} {kind}");
        }
        IEnumerable<SampledPrompt> drawn = condition.Sample is null ? all : Shuffled(all, random);
        return ([.. drawn.Take(Math.Min(sample, most))], sample);
    }

    /// <summary>All of a list, in an order by chance.</summary>
    public static T[] Shuffled<T>(IReadOnlyList<T> things, SplitMix64 random)
    {
        T[] shuffled = [.. things];
        for (int i = shuffled.Length - 1; i > 0; i--)
        {
            int other = random.Whole(0, i);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }
        return shuffled;
    }

    // A condition's own seed: the first eight bytes of SHA-256 of "seed/name", so that other conditions may come and go.
    private static ulong SeedOf(ulong seed, string condition) =>
        BinaryPrimitives.ReadUInt64LittleEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed}/{condition}"))));
}
