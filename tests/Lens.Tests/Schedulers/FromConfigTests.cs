using System.Text.Json;
using DiffusionLens.Schedulers;

namespace DiffusionLens.Tests.Schedulers;

/// <summary>What each class makes of the files of three others, with five steps.</summary>
public sealed class FromConfigTests
{
    private static readonly JsonElement Files = JsonSerializer.Deserialize<JsonElement>(
        File.ReadAllText(Reference.PathOf("schedulers", "expected", "cases.json"))).GetProperty("from_config");

    public static TheoryData<string, string> Cases()
    {
        TheoryData<string, string> cases = [];
        foreach (JsonProperty file in Files.EnumerateObject())
        {
            foreach (JsonProperty kind in file.Value.EnumerateObject().Where(item => item.Name != "file"))
            {
                cases.Add(file.Name, kind.Name);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_class_makes_of_another_ones_file_what_diffusers_makes_of_it(string file, string className)
    {
        JsonElement entry = Files.GetProperty(file), expected = entry.GetProperty(className);
        SchedulerConfig config = SchedulerConfig.Parse(entry.GetProperty("file"), "scheduler_config.json");
        using Scheduler scheduler = SamplerClasses.All.Single(kind => kind.ClassName == className).Make(config, 5, null);
        AssertClose(expected.GetProperty("timesteps"), scheduler.Timesteps);
        Assert.Equal(expected.GetProperty("init_noise_sigma").GetDouble(), scheduler.InitNoiseSigma, 1e-4);
        if (scheduler.Sigmas is { } sigmas)
        {
            AssertClose(expected.GetProperty("sigmas"), sigmas);
        }
    }

    private static void AssertClose(JsonElement expected, IReadOnlyList<double> actual)
    {
        double[] values = [.. expected.EnumerateArray().Select(value => value.GetDouble())];
        Assert.Equal(values.Length, actual.Count);
        Assert.All(values.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 2e-5 * (Math.Abs(pair.First) + 1)));
    }
}
