using System.Text.Json;

namespace DiffusionLens.Tests.Folders;

/// <summary>
/// The reference's folders as people have them (<c>reference/folders</c>), whole: each holds only what differs from <c>base</c>, and
/// weights that are base's under another name are kept there alone.
/// </summary>
internal static class ReferenceFolders
{
    public const string MainCommit = "e54158d025f53905e051c727f93207f1b2f141c7", OlderCommit = "41716d2c7f1ad33567a657030a884a2062181244";

    private static readonly Dictionary<string, string> OfBase = new()
    {
        ["fp16_alone"] = "vae/diffusion_pytorch_model.fp16.safetensors",
        ["bin_beside"] = "vae/diffusion_pytorch_model.safetensors",
        ["non_ema_beside"] = "vae/diffusion_pytorch_model.safetensors",
    };

    private static readonly Dictionary<string, string> BlobsOfBase = new()
    {
        ["212c8bb8240c1eb862b8ced4ad55f0a07e8e3e19aa67bf03385612644d019fe6"] = "vae/diffusion_pytorch_model.safetensors",
        ["8a99a1f4f25e282f57a9facc742b6ee34aa6d891dd27e6764bd0746a1aee708a"] = "text_encoder/model.safetensors",
        ["c46e6677d74179df2ff87eb888725e9cd2100af2c4b2967e7f13e43d9e92be0a"] = "unet/diffusion_pytorch_model.safetensors",
    };

    /// <summary>A folder of the set as it is, over nothing.</summary>
    public static string Alone(string name) => Reference.PathOf("folders", name);

    /// <summary>The folder laid over base: its subfolders replace base's.</summary>
    public static void LayOver(string name, TemporaryFolder model)
    {
        CopyFolder(Alone("base"), model.Path);
        if (name == "base")
        {
            return;
        }

        foreach (string part in Directory.EnumerateDirectories(Alone(name)).Select(part => Path.GetFileName(part)))
        {
            if (Directory.Exists(model[part]))
            {
                Directory.Delete(model[part], recursive: true);
            }
        }

        CopyFolder(Alone(name), model.Path);
        if (OfBase.TryGetValue(name, out string? weights))
        {
            File.Copy(Path.Combine(Alone("base"), weights.Replace(".fp16", "", StringComparison.Ordinal)), model[weights]);
        }
    }

    /// <summary>The cache of huggingface_hub, with its links.</summary>
    public static void MakeHub(TemporaryFolder hub)
    {
        string source = Alone("hub");
        CopyFolder(source, hub.Path);
        foreach ((string blob, string file) in BlobsOfBase)
        {
            File.Copy(Path.Combine(Alone("base"), file), hub[$"models--someone--small-model/blobs/{blob}"]);
        }

        using JsonDocument links = JsonDocument.Parse(File.ReadAllText(Path.Combine(source, "links.json")));
        foreach (JsonProperty link in links.RootElement.EnumerateObject())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(hub[link.Name])!);
            File.CreateSymbolicLink(hub[link.Name], link.Value.GetString()!);
        }
    }

    public static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
