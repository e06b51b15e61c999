using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using TorchSharp;
using Training.Optimization;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Denoiser;

/// <summary>Trains <c>mini-sd/unet</c> on the frozen text encoder's last layer and the frozen autoencoder's latents.</summary>
internal static class UNetTraining
{
    private const double ShareWithoutCaption = 0.1;

    private static readonly JsonObject Config = new()
    {
        ["_class_name"] = "UNet2DConditionModel",
        ["_diffusers_version"] = "0.39.0",
        ["act_fn"] = "silu",
        ["attention_head_dim"] = 4,
        ["block_out_channels"] = new JsonArray(64, 128),
        ["center_input_sample"] = false,
        ["cross_attention_dim"] = 128,
        ["down_block_types"] = new JsonArray("CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        ["downsample_padding"] = 1,
        ["flip_sin_to_cos"] = true,
        ["freq_shift"] = 0,
        ["in_channels"] = 8,
        ["layers_per_block"] = 1,
        ["mid_block_scale_factor"] = 1,
        ["norm_eps"] = 1e-5,
        ["norm_num_groups"] = 16,
        ["out_channels"] = 8,
        ["sample_size"] = 8,
        ["up_block_types"] = new JsonArray("CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
        ["use_linear_projection"] = true,
    };

    private static readonly JsonObject SchedulerJson = new()
    {
        ["_class_name"] = "DPMSolverMultistepScheduler",
        ["_diffusers_version"] = "0.39.0",
        ["algorithm_type"] = "dpmsolver++",
        ["beta_end"] = 0.012,
        ["beta_schedule"] = "scaled_linear",
        ["beta_start"] = 0.00085,
        ["num_train_timesteps"] = 1000,
        ["prediction_type"] = "v_prediction",
        ["solver_order"] = 2,
        ["timestep_spacing"] = "linspace",
    };

    private static readonly JsonObject ModelIndex = new()
    {
        ["_class_name"] = "StableDiffusionPipeline",
        ["_diffusers_version"] = "0.39.0",
        ["feature_extractor"] = new JsonArray(null, null),
        ["image_encoder"] = new JsonArray(null, null),
        ["requires_safety_checker"] = false,
        ["safety_checker"] = new JsonArray(null, null),
        ["scheduler"] = new JsonArray("diffusers", "DPMSolverMultistepScheduler"),
        ["text_encoder"] = new JsonArray("transformers", "CLIPTextModel"),
        ["tokenizer"] = new JsonArray("transformers", "CLIPTokenizer"),
        ["unet"] = new JsonArray("diffusers", "UNet2DConditionModel"),
        ["vae"] = new JsonArray("diffusers", "AutoencoderKL"),
    };

    public static void Run(TrainingOptions options, World world)
    {
        string folder = Path.Combine(options.Models, "mini-sd");
        UNet2DConditionConfig config = UNet2DConditionConfig.Parse(JsonSerializer.SerializeToElement(Config), "unet/config.json");
        SchedulerConfig schedule = SchedulerConfig.Parse(JsonSerializer.SerializeToElement(SchedulerJson), "scheduler_config.json");
        using FrozenParts parts = FrozenParts.Load(folder, options.DType);
        using UNet2DConditionModel network = new(config, parts.Placement);
        InitialValues.Set(network, (long)options.Seed);
        if (options.FromModels)
        {
            ModelPart.Load(network, Path.Combine(folder, "unet"));
        }

        using TrainingLoop loop = new("unet", network, options, parts.Folders, SampleSheet.Measures);
        using ScenePool pool = new(parts, world, options, loop.Done);
        SampleSheet sheet = new(world, Path.Combine(options.Models, "mini-recognizer"));
        double[] alphas = NoiseSchedule.AlphasCumprod(schedule);
        Tensor signal = tensor([.. alphas.Select(a => (float)Math.Sqrt(a))]);
        Tensor noise = tensor([.. alphas.Select(a => (float)Math.Sqrt(1 - a))]);
        loop.Run(
            (_, generator) => Loss(network, pool.Draw(options.Batch, ShareWithoutCaption, generator), signal, noise, generator),
            () => sheet.Measure(captions => Draw(network, parts, schedule, captions), loop.PathOf("sheet.png")));

        ModelPart.Save(network, Config.DeepClone(), Path.Combine(folder, "unet"));
        loop.Publish(folder);
        Directory.CreateDirectory(Path.Combine(folder, "scheduler"));
        ModelPart.WriteJson(SchedulerJson, Path.Combine(folder, "scheduler", "scheduler_config.json"));
        ModelPart.WriteJson(ModelIndex, Path.Combine(folder, "model_index.json"));
    }

    private static Tensor Draw(UNet2DConditionModel network, FrozenParts parts, SchedulerConfig schedule, IReadOnlyList<string> captions)
    {
        using DisposeScope scope = NewDisposeScope();
        CrossAttentionStates text = network.ProjectText(SheetSampler.States(parts, captions));
        Tensor latents = SheetSampler.Run(
            parts.TargetShape,
            captions.Count,
            schedule,
            (sample, timestep) => network.forward(sample.to(parts.Placement.DType), tensor(timestep), text));
        return parts.Pixels(latents).MoveToOuterDisposeScope();
    }

    /// <summary>Mean squared error of the velocity α ε - σ x (Salimans and Ho 2022), timesteps spread evenly over the batch.</summary>
    private static Tensor Loss(
        UNet2DConditionModel network, DenoiserBatch batch, Tensor signal, Tensor noise, Generator generator)
    {
        Tensor latents = batch.Targets;
        Tensor timesteps = Timesteps.Spread(latents.shape[0], signal.shape[0], generator);
        Tensor alpha = signal.index_select(0, timesteps).view(-1, 1, 1, 1), sigma = noise.index_select(0, timesteps).view(-1, 1, 1, 1);
        Tensor epsilon = randn(latents.shape, generator: generator);
        Tensor noisy = latents.mul(alpha).Plus(epsilon.mul(sigma)), velocity = epsilon.mul(alpha).sub(latents.mul(sigma));
        Tensor predicted = network.forward(noisy.to(batch.States.dtype), timesteps, network.ProjectText(batch.States));
        return predicted.to(ScalarType.Float32).sub(velocity).Squared().mean();
    }
}
