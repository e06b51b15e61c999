using System.Text.Json;
using DiffusionLens.Weights;

namespace DiffusionLens.Tests.Weights;

public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parts_configs_and_classes_are_found()
    {
        WriteIndex("""{"_class_name": "P", "unet": ["diffusers", "UNet2DConditionModel"], "scheduler": ["diffusers", "DDIMScheduler"]}""");
        WritePart("unet", "config.json", """{"in_channels": 4}""");
        WritePart("scheduler", "scheduler_config.json", """{"steps_offset": 1}""");
        ModelFolder model = ModelFolder.Open(_folder.Path);
        Assert.Equal("P", model.PipelineClass);
        Assert.Equal("UNet2DConditionModel", model.ComponentClass("unet"));
        Assert.Equal(4, model.Config("unet").GetProperty("in_channels").GetInt32());
        Assert.Equal(1, model.Config("scheduler").GetProperty("steps_offset").GetInt32());
        Assert.Equal(Path.Combine(_folder.Path, "unet"), model.PathOf("unet"));
    }

    [Fact]
    public void A_part_given_as_null_is_no_part()
    {
        WriteIndex("""{"_class_name": "P", "safety_checker": [null, null]}""");
        ModelFolder model = ModelFolder.Open(_folder.Path);
        Assert.False(model.Has("safety_checker"));
        AssertRefused(() => model.ComponentClass("safety_checker"), "names no \"safety_checker\"");
        AssertRefused(() => model.PathOf("vae"), "names no \"vae\"");
    }

    [Fact]
    public void Pythons_numbers_that_are_no_JSON_come_as_strings()
    {
        WriteIndex("""{"_class_name": "P", "scheduler": ["diffusers", "S"]}""");
        string config = """{"lambda_min_clipped": -Infinity, "x": [NaN, Infinity], "name": "a \"-Infinity\" NaN"}""";
        WritePart("scheduler", "scheduler_config.json", config);
        JsonElement read = ModelFolder.Open(_folder.Path).Config("scheduler");
        Assert.Equal("-Infinity", read.GetProperty("lambda_min_clipped").GetString());
        Assert.Equal("NaN", read.GetProperty("x")[0].GetString());
        Assert.Equal("a \"-Infinity\" NaN", read.GetProperty("name").GetString());
    }

    [Fact]
    public void What_is_no_model_folder_is_refused_with_what_one_is()
    {
        AssertRefused(() => ModelFolder.Open(_folder.Path), "has no model_index.json");
        AssertRefused(() => ModelFolder.Open(_folder["nowhere"]), "no such folder");
        File.WriteAllText(_folder["sd.ckpt"], "");
        AssertRefused(() => ModelFolder.Open(_folder["sd.ckpt"]), "is a pickle");
        WriteIndex("{}");
        AssertRefused(() => ModelFolder.Open(_folder.Path), "_class_name");
        WriteIndex("[]");
        AssertRefused(() => ModelFolder.Open(_folder.Path), "holds no JSON object");
        WriteIndex("{\n  \"a\": }");
        AssertRefused(() => ModelFolder.Open(_folder.Path), "model_index.json:2:8: is not JSON");
    }

    [Fact]
    public void A_part_without_folder_or_config_is_refused()
    {
        WriteIndex("""{"_class_name": "P", "unet": ["diffusers", "UNet2DConditionModel"]}""");
        ModelFolder model = ModelFolder.Open(_folder.Path);
        AssertRefused(() => model.Config("unet"), "the model's UNet2DConditionModel should be in it");
        Directory.CreateDirectory(_folder["unet"]);
        AssertRefused(() => model.Config("unet"), "there is no such file");
    }

    private static void AssertRefused(Func<object> use, string error)
    {
        BadInputException refusal = Assert.Throws<BadInputException>(use);
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private void WriteIndex(string json) => File.WriteAllText(_folder["model_index.json"], json);

    private void WritePart(string part, string file, string json)
    {
        Directory.CreateDirectory(_folder[part]);
        File.WriteAllText(Path.Combine(_folder[part], file), json);
    }
}
