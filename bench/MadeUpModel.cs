using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Bench;

/// <summary>
/// Writes folders of full-size models whose weights are made up, in bfloat16 and in shards, of the names and shapes in lists of them: for
/// measuring time and memory where the true weights are not at hand.
/// </summary>
internal static class MadeUpModel
{
    private const long ShardBytes = 2L << 30;
    private const int BlockValues = 1 << 20;

    private static readonly Dictionary<string, Form> Forms = new()
    {
        ["klein"] = new(
            "Flux2KleinPipeline",
            "qwen3_4b",
            "Qwen3ForCausalLM",
            "flux2_klein_4b",
            "Flux2Transformer2DModel",
            "flux2",
            "AutoencoderKLFlux2"),
        ["zimage"] = new("ZImagePipeline", "qwen3_4b", "Qwen3Model", "zimage", "ZImageTransformer2DModel", "flux", "AutoencoderKL"),
        ["sana"] = new("SanaPipeline", "gemma2_2b", "Gemma2Model", "sana_1600m_1024", "SanaTransformer2DModel", "sana", "AutoencoderDC")
        {
            Scheduler = "DPMSolverMultistepScheduler",
            Tokenizer = "GemmaTokenizerFast",
        },
        ["pixart"] = new(
            "PixArtSigmaPipeline", "t5_xxl", "T5EncoderModel", "pixart_sigma_xl2_1024", "PixArtTransformer2DModel", "sdxl", "AutoencoderKL")
        {
            Scheduler = "DPMSolverMultistepScheduler",
            Tokenizer = "T5Tokenizer",
        },
        ["sd15"] = StableDiffusion("sd15", "DPMSolverMultistepScheduler"),
        ["sd21"] = StableDiffusion("sd21", "DPMSolverMultistepScheduler"),
    };

    /// <param name="name">klein, zimage, sana, pixart, sd15 or sd21.</param>
    /// <param name="references">A folder with <c>shapes</c> and <c>tokenizers/qwen2</c>, as the tests have it.</param>
    /// <param name="smallModel">
    /// A small model of the family, for the files that have no sizes in them; those that are not Qwen's also take its tokenizer.
    /// </param>
    /// <param name="folder">Where to.</param>
    public static void Write(string name, string references, string smallModel, string folder)
    {
        Form form = Forms[name];
        WritePart("text_encoder", form.TextEncoder, "text_encoder");
        WritePart(form.Denoiser, form.Transformer, form.Denoiser);
        WritePart("vae", form.Autoencoder, "vae");
        string tokenizer = Directory.CreateDirectory(Path.Combine(folder, "tokenizer")).FullName;
        if (form.Tokenizer == Form.Qwen)
        {
            WriteTokenizer(Path.Combine(references, "tokenizers", "qwen2"), tokenizer);
        }
        else
        {
            foreach (string file in Directory.EnumerateFiles(Path.Combine(smallModel, "tokenizer")))
            {
                File.WriteAllBytes(Path.Combine(tokenizer, Path.GetFileName(file)), File.ReadAllBytes(file));
            }
        }

        Directory.CreateDirectory(Path.Combine(folder, "scheduler"));
        string scheduler = Path.Combine("scheduler", "scheduler_config.json");
        File.WriteAllBytes(Path.Combine(folder, scheduler), File.ReadAllBytes(Path.Combine(smallModel, scheduler)));
        File.WriteAllText(Path.Combine(folder, "model_index.json"), JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["_class_name"] = form.Pipeline,
            ["scheduler"] = Component("diffusers", form.Scheduler),
            ["text_encoder"] = Component("transformers", form.TextEncoderClass),
            ["tokenizer"] = Component("transformers", form.Tokenizer),
            [form.Denoiser] = Component("diffusers", form.TransformerClass),
            ["vae"] = Component("diffusers", form.AutoencoderClass),
        }));

        static string[] Component(string library, string className) => [library, className];

        void WritePart(string part, string model, string listed)
        {
            string source = Path.Combine(references, "shapes", model, listed), target = Path.Combine(folder, part);
            Directory.CreateDirectory(target);
            File.WriteAllBytes(Path.Combine(target, "config.json"), File.ReadAllBytes(Path.Combine(source, "config.json")));
            Dictionary<string, long[]> shapes = JsonSerializer.Deserialize<Dictionary<string, long[]>>(
                File.ReadAllText(Path.Combine(source, "shapes.json")))!;
            WriteShards(target, part == "text_encoder" ? "model" : "diffusion_pytorch_model", shapes);
        }
    }

    private static Form StableDiffusion(string shapes, string scheduler) => new(
        "StableDiffusionPipeline", shapes, "CLIPTextModel", shapes, "UNet2DConditionModel", shapes, "AutoencoderKL")
    {
        Denoiser = "unet",
        Scheduler = scheduler,
        Tokenizer = "CLIPTokenizer",
    };

    private static void WriteTokenizer(string source, string target)
    {
        foreach (string file in new[] { "vocab.json", "merges.txt" })
        {
            using GZipStream packed = new(File.OpenRead(Path.Combine(source, $"{file}.gz")), CompressionMode.Decompress);
            using FileStream unpacked = File.Create(Path.Combine(target, file));
            packed.CopyTo(unpacked);
        }

        Dictionary<string, int> added = JsonDocument.Parse(File.ReadAllText(Path.Combine(source, "added_tokens.json"))).RootElement
            .EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetProperty("id").GetInt32());
        File.WriteAllText(Path.Combine(target, "added_tokens.json"), JsonSerializer.Serialize(added));
        File.WriteAllText(Path.Combine(target, "tokenizer_config.json"), JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["tokenizer_class"] = "Qwen2Tokenizer",
            ["pad_token"] = "<|endoftext|>",
            ["chat_template"] = "<|im_start|> <|im_end|> enable_thinking <think> </think>",
        }));
    }

    private static void WriteShards(string folder, string stem, Dictionary<string, long[]> shapes)
    {
        List<List<string>> shards = [[]];
        long size = 0;
        foreach ((string name, long[] shape) in shapes)
        {
            long bytes = Count(shape) * sizeof(ushort);
            if (size > 0 && size + bytes > ShardBytes)
            {
                shards.Add([]);
                size = 0;
            }

            shards[^1].Add(name);
            size += bytes;
        }

        byte[] noise = Noise();
        Dictionary<string, string> fileOf = [];
        for (int shard = 0; shard < shards.Count; shard++)
        {
            string file = $"{stem}-{shard + 1:00000}-of-{shards.Count:00000}.safetensors";
            WriteShard(Path.Combine(folder, file), shards[shard], shapes, noise);
            shards[shard].ForEach(name => fileOf.Add(name, file));
        }

        File.WriteAllText(
            Path.Combine(folder, $"{stem}.safetensors.index.json"),
            JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["metadata"] = new Dictionary<string, long>(),
                ["weight_map"] = fileOf,
            }));
    }

    private static void WriteShard(string path, IReadOnlyList<string> names, Dictionary<string, long[]> shapes, byte[] noise)
    {
        Dictionary<string, object> header = [];
        long offset = 0;
        foreach (string name in names)
        {
            long end = offset + (Count(shapes[name]) * (IsWhole(name) ? sizeof(long) : sizeof(ushort)));
            header[name] = new Dictionary<string, object>
            {
                ["dtype"] = IsWhole(name) ? "I64" : "BF16",
                ["shape"] = shapes[name],
                ["data_offsets"] = new[] { offset, end },
            };
            offset = end;
        }

        byte[] text = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header)), length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        using FileStream file = File.Create(path);
        file.Write(length);
        file.Write(text);
        foreach (string name in names)
        {
            WriteValues(file, name, Count(shapes[name]), noise);
        }
    }

    private static void WriteValues(FileStream file, string name, long count, byte[] noise)
    {
        if (IsWhole(name))
        {
            file.Write(new byte[count * sizeof(long)]);
            return;
        }

        // Norms and variances are near 1, everything else is small and of both signs.
        bool isScale = name.EndsWith("running_var", StringComparison.Ordinal)
            || (name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal)
                && !name.Contains("linear", StringComparison.Ordinal));
        byte[] block = isScale ? Ones(noise.Length) : noise;
        for (long left = count * sizeof(ushort); left > 0; left -= block.Length)
        {
            file.Write(block, 0, (int)Math.Min(left, block.Length));
        }
    }

    private static bool IsWhole(string name) => name.EndsWith("num_batches_tracked", StringComparison.Ordinal);

    private static long Count(long[] shape) => shape.Aggregate(1L, (count, length) => count * length);

    private static byte[] Noise()
    {
        const float Size = 0.02f;
        Random random = new(1);
        byte[] values = new byte[BlockValues * sizeof(ushort)];
        for (int i = 0; i < BlockValues; i++)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            Put(values, i, (float)(Size * normal));
        }

        return values;
    }

    private static byte[] Ones(int length)
    {
        byte[] values = new byte[length];
        for (int i = 0; i < length / sizeof(ushort); i++)
        {
            Put(values, i, 1);
        }

        return values;
    }

    /// <summary>The upper half of a float32 is a bfloat16.</summary>
    private static void Put(byte[] values, int index, float value)
    {
        ushort upper = (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);
        BinaryPrimitives.WriteUInt16LittleEndian(values.AsSpan(index * sizeof(ushort)), upper);
    }

    private sealed record Form(
        string Pipeline,
        string TextEncoder,
        string TextEncoderClass,
        string Transformer,
        string TransformerClass,
        string Autoencoder,
        string AutoencoderClass)
    {
        /// <summary>The tokenizer that is made of the references' vocabulary.</summary>
        public const string Qwen = "Qwen2TokenizerFast";

        public string Tokenizer { get; init; } = Qwen;

        /// <summary>The folder of the denoiser.</summary>
        public string Denoiser { get; init; } = "transformer";

        public string Scheduler { get; init; } = "FlowMatchEulerDiscreteScheduler";
    }
}
