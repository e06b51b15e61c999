using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Autoencoders;
using DiffusionLens.Runtime;
using TorchSharp;
using Training.Autoencoder;
using Training.Optimization;
using static TorchSharp.torch;

namespace Training.Tests.Autoencoder;

public class VaeTrainingTests
{
    [Fact]
    public void The_recipe_of_mini_sd_is_what_its_folder_says_but_for_the_scale_that_was_measured()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "models", "mini-sd", "vae", "config.json");
        JsonObject saved = (JsonObject)JsonNode.Parse(File.ReadAllText(path))!;
        JsonObject recipe = (JsonObject)AutoencoderRecipe.MiniSd.Config.DeepClone();
        saved["scaling_factor"] = recipe["scaling_factor"]!.DeepClone();

        Assert.True(JsonNode.DeepEquals(saved, JsonNode.Parse(recipe.ToJsonString())), recipe.ToJsonString());
    }

    [Fact]
    public void A_few_steps_on_the_same_images_lower_the_loss_and_the_halved_image_adds_to_it()
    {
        using DisposeScope scope = NewDisposeScope();
        AutoencoderRecipe recipe = AutoencoderRecipe.MiniMmdit;
        AutoencoderKLConfig config = AutoencoderKLConfig.Parse(JsonSerializer.SerializeToElement(recipe.Config), "config.json");
        using AutoencoderKL network = new(config, new Placement(ScalarType.Float32, CPU));
        InitialValues.Set(network, 1);
        using AdamW optimizer = new(new ParameterVector(network), weightDecay: 0);
        using Generator of = new(2, CPU);
        Tensor pixels = nn.functional.interpolate(
            rand([2, 3, 8, 8], generator: of), size: [64, 64], mode: InterpolationMode.Bilinear, align_corners: false);

        double first = Loss(recipe.HalvedWeight).ToDouble();
        Assert.InRange(Loss(0).ToDouble(), 0.1, first - 0.1);
        for (int step = 0; step < 8; step++)
        {
            using DisposeScope inner = NewDisposeScope();
            Loss(recipe.HalvedWeight).backward();
            optimizer.Step(2e-3);
        }

        Assert.InRange(Loss(recipe.HalvedWeight).ToDouble(), 0, 0.8 * first);

        Tensor Loss(double halvedWeight)
        {
            using Generator generator = new(3, CPU);
            return VaeTraining.Loss(network, pixels, generator, halvedWeight);
        }
    }
}
