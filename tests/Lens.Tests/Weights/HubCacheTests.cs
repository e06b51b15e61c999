using DiffusionLens.Tests.Folders;
using DiffusionLens.Weights;

namespace DiffusionLens.Tests.Weights;

public sealed class HubCacheTests : IDisposable
{
    private readonly TemporaryFolder _hub = new();

    public void Dispose() => _hub.Dispose();

    [Theory]
    [InlineData("/home/me/.cache/huggingface/hub")]
    [InlineData("/x/huggingface/hub", "XDG_CACHE_HOME=/x")]
    [InlineData("/h/hub", "XDG_CACHE_HOME=/x", "HF_HOME=/h")]
    [InlineData("/old", "XDG_CACHE_HOME=/x", "HF_HOME=/h", "HUGGINGFACE_HUB_CACHE=/old")]
    [InlineData("/new", "XDG_CACHE_HOME=/x", "HF_HOME=/h", "HUGGINGFACE_HUB_CACHE=/old", "HF_HUB_CACHE=/new")]
    [InlineData("/h/hub", "HF_HOME=/h", "HF_HUB_CACHE=")]
    [InlineData("/home/me/models/hub", "HF_HOME=~/models")]
    [InlineData("/disk/hf", "DISK=/disk", "HF_HUB_CACHE=$DISK/hf")]
    [InlineData("/disk/hf", "DISK=/disk", "HF_HUB_CACHE=${DISK}/hf")]
    public void The_cache_lies_where_huggingface_hub_has_it(string expected, params string[] set)
    {
        Dictionary<string, string> variables =
            set.Append("HOME=/home/me").Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(expected, HubCache.RootBy(name => variables.GetValueOrDefault(name)).Replace('\\', '/'));
    }

    [Fact]
    public void A_snapshot_knows_its_model_and_what_files_are_named_after()
    {
        ReferenceFolders.MakeHub(_hub);
        HubSnapshot main = HubSnapshot.At(HubCache.Resolve(_hub["models--someone--small-model"]))!;
        Assert.Equal(("someone/small-model", ReferenceFolders.MainCommit, "someone--small-model"), (main.Name, main.Commit, main.FileName));
        HubSnapshot older = HubSnapshot.At(_hub[$"models--someone--small-model/snapshots/{ReferenceFolders.OlderCommit}"])!;
        Assert.Equal("someone--small-model@41716d2c", older.FileName);
        Assert.Equal("someone--no-refs", HubSnapshot.At(HubCache.Resolve(_hub["models--someone--no-refs"]))!.FileName);
        Assert.Null(HubSnapshot.At(_hub.Path));
    }

    [Fact]
    public void A_cache_with_one_model_stands_for_it_and_one_with_several_names_them()
    {
        ReferenceFolders.MakeHub(_hub);
        AssertRefused(_hub.Path, "with 3 models; name one: someone/broken-off, someone/no-refs, someone/small-model");
        Directory.Delete(_hub["models--someone--broken-off"], recursive: true);
        Directory.Delete(_hub["models--someone--no-refs"], recursive: true);
        Assert.EndsWith(ReferenceFolders.MainCommit, HubCache.Resolve(_hub.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void What_refs_main_does_not_tell_is_asked()
    {
        ReferenceFolders.MakeHub(_hub);
        string model = _hub["models--someone--small-model"];
        File.Delete(Path.Combine(model, "refs/main"));
        AssertRefused(model, "has 2 snapshots and no refs/main");
        File.WriteAllText(Path.Combine(model, "refs/main"), new string('a', 40));
        AssertRefused(model, $"refs/main names commit {new string('a', 40)}, and there is no snapshot of it");
    }

    [Theory]
    [InlineData("someone/small-model", true)]
    [InlineData("stable-diffusion-v1-5/stable-diffusion-v1-5", true)]
    [InlineData("mini-sd", false)]
    [InlineData("./small-model", false)]
    [InlineData("../small-model", false)]
    [InlineData("a/b/c", false)]
    [InlineData("/a", false)]
    public void Names_on_the_hub_have_an_owner(string text, bool isName) => Assert.Equal(isName, HubCache.IsName(text));

    private static void AssertRefused(string model, string says)
        => Assert.Contains(says, Assert.Throws<BadInputException>(() => HubCache.Resolve(model)).Message, StringComparison.Ordinal);
}
