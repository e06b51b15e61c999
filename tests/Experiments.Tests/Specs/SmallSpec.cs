using System.Text;
using DiffusionLens;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Tests.Specs;

/// <summary>A small spec with something of everything, to be spoiled in one place at a time.</summary>
internal static class SmallSpec
{
    public const string Text = """
        version: 1
        title: Small
        layers: every 1/6
        seeds: 4
        sampler: {scheduler: ddim, steps: 20}
        prompts:
          object: {template: "{a object}", sample: 3, right: has object}
          two: {template: "{a color} {object} and {a object'}", sample: 2, right: [has object, has object']}
        questions:
          has object: {ask: "Is there {a object}?", sees: {thing: object}, of: [object, two]}
          has object': {ask: "Is there {a object'}?", sees: {thing: object'}, of: two}
          has color: {ask: "Anything {color}?", sees: {color: color}, of: two}
        figures:
          fig-1:
            title: Curves
            rows: right in the last layer
            curves:
              Object: {right: object}
              Either: {any: [has object, has object'], of: two}
        strips:
          fig-2: {title: Strips, rows: all, of: [object, two], prompts: 2}

        """;

    /// <summary>The spec with one piece of its text, which it has just once, replaced.</summary>
    public static string With(string old, string replacement)
    {
        Assert.Equal(2, Text.Split(old).Length);
        return Text.Replace(old, replacement, StringComparison.Ordinal);
    }

    /// <summary>Reads a text as the file small.yaml.</summary>
    public static Spec Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads bytes as the file small.yaml.</summary>
    public static Spec Read(byte[] bytes)
    {
        string folder = Directory.CreateTempSubdirectory("dlens-spec-").FullName;
        try
        {
            string path = Path.Combine(folder, "small.yaml");
            File.WriteAllBytes(path, bytes);
            return (Spec)ExperimentReader.Read(path);
        }
        catch (BadInputException error)
        {
            throw new BadInputException(error.Message.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
