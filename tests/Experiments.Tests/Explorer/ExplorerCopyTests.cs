using System.Net;
using System.Net.Sockets;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Images;
using Experiments.Results;
using Experiments.Tests.Annotation;
using Microsoft.Playwright;

namespace Experiments.Tests.Explorer;

/// <summary>What the page copies, from a run of a model of a few kilobytes.</summary>
public sealed class ExplorerCopyTests : IClassFixture<Chromium>, IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");

    private readonly Chromium _chromium;
    private readonly string _root = Directory.CreateTempSubdirectory("copies-").FullName;
    private readonly ResultsFolder _results;

    public ExplorerCopyTests(Chromium chromium)
    {
        _chromium = chromium;
        _results = new ResultsFolder(Path.Combine(_root, "results"));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [SkippableFact]
    public async Task The_command_of_every_image_makes_its_pixels_again()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        RunExperiment();
        IPage page = await OpenAsync(new Uri(_results.Explorer).AbsoluteUri);

        MadeImage[] images = await page.EvaluateAsync<MadeImage[]>(
            """
            () => main.rows.flatMap((_, row) => main.layers.map((_, layer) => (
              { command: main.commandOf(row, layer, false), file: decodeURIComponent(main.path(row, layer)), isExact: main.isExact(row) })))
            """);

        Assert.Equal(28, images.Length);
        foreach ((int number, IGrouping<string, MadeImage> together) in images.GroupBy(image => image.Command).Index())
        {
            string[] words = LensCommandLineTests.Words(together.Key);
            Assert.Equal(["dlens-repro", "lens"], words[..2]);
            string made = Path.Combine(_root, $"made-{number}");
            Execute(["lens", "--out", Path.Combine(_root, "sheet.png"), .. words[2..].Select(word => word == "." ? made : word)]);
            foreach (MadeImage image in together)
            {
                string again = Assert.Single(Directory.GetFiles(made, $"*_{Path.GetFileName(image.File)}"));
                ImageLevels first = ImageFile.ReadLevels(_results.In(image.File)), second = ImageFile.ReadLevels(again);
                int difference = first.Rgb.Zip(second.Rgb, (one, other) => Math.Abs(one - other)).Max();
                Assert.InRange(difference, 0, image.IsExact ? 0 : 1);
            }
        }
    }

    [SkippableFact]
    public async Task From_a_web_server_the_image_itself_is_copied_and_from_a_file_where_it_is()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        RunExperiment("--layers", "5", "--seeds", "0");
        using WebFolder web = new(_results.Path);
        IPage page = await OpenAsync(web.Address + "explore.html");

        await page.ClickAsync("#copy-image");
        await page.WaitForFunctionAsync("() => document.getElementById('toast').textContent === 'Image copied'");
        int[] size = await page.EvaluateAsync<int[]>(
            """
            async () => {
              const [item] = await navigator.clipboard.read();
              const image = await createImageBitmap(await item.getType("image/png"));
              return [image.width, image.height];
            }
            """);
        Assert.Equal([32, 32], size);
        await page.ClickAsync("#copy-prompt");
        Assert.Equal("it's \"red\" $HOME", await CopiedAsync(page));
        await page.Keyboard.PressAsync("l");
        Assert.StartsWith(web.Address + "explore.html#prompt=", await CopiedAsync(page), StringComparison.Ordinal);

        IPage file = await OpenAsync(new Uri(_results.Explorer).AbsoluteUri);
        await file.Keyboard.PressAsync("i");
        Assert.EndsWith(".png", await CopiedAsync(file), StringComparison.Ordinal);
        await file.Keyboard.PressAsync("m");
        Assert.StartsWith("dlens-repro lens 'it'\\''s \"red\" $HOME' ", await CopiedAsync(file), StringComparison.Ordinal);
    }

    // Sites, prompts and a sampler that are hard to write.
    private void RunExperiment(params string[] more)
    {
        string spec = Path.Combine(_root, "hard.yaml");
        File.WriteAllText(spec, """
            version: 1
            title: Hard to write
            layers: [2, 5]
            seeds: [0, 18446744073709551615]
            sampler: {scheduler: dpmsolver++, scheduler config: {use_karras_sigmas: true}, steps: 2, guidance: 2.5}
            prompts:
              quoted: {template: "it's \"red\" $HOME", sample: 1, right: seen}
              dashed: {template: "--a red circle", sample: 1, right: seen, site: {norm: none, repeat: [2], skip: [4]}}
              at: {template: "@red circle", sample: 1, right: seen, site: {tokens: padding, rest: zero}, text: {encoder mask: "on"}}
              word: {template: "a red circle", sample: 1, right: seen, site: {tokens: word red, rest: empty-final, point: attention}}
              each: {template: "a red circle", sample: 1, right: seen, site: {tokens: each of red circle, rest: native}}
              source: {template: "a red circle", sample: 1, right: seen, site: {source: "-it's blue"}}
            questions:
              seen: {ask: "Is it seen?", of: [quoted, dashed, at, word, each, source]}
            figures:
              seen: {title: Seen, rows: all, curves: {Quoted: {yes: seen, of: quoted}}}
            """);
        Execute(["run", spec, "--model", Model, "--out", _results.Path, .. more]);
        Assert.True(File.Exists(_results.Explorer));
    }

    private async Task<IPage> OpenAsync(string address)
    {
        IPage page = await _chromium.OpenAsync();
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GotoAsync(address);
        await page.WaitForFunctionAsync("() => main !== null && document.querySelector('#list [role=option]') !== null");
        return page;
    }

    private static async Task<string> CopiedAsync(IPage page)
    {
        await page.WaitForFunctionAsync("() => !document.getElementById('toast').hidden");
        string text = await page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        await page.EvaluateAsync("() => { document.getElementById('toast').hidden = true; }");
        return text;
    }

    private static void Execute(string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(arguments, new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        Assert.True(code == ExitCode.Done, $"{string.Join(' ', arguments)}: {error}");
    }

    private sealed record MadeImage
    {
        public string Command { get; init; } = "";

        public string File { get; init; } = "";

        public bool IsExact { get; init; }
    }

    // Files of a folder over HTTP.
    private sealed class WebFolder : IDisposable
    {
        private readonly HttpListener _listener = new();

        public WebFolder(string folder)
        {
            using TcpListener probe = new(IPAddress.Loopback, port: 0);
            probe.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            probe.Stop();
            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = Task.Run(() => ServeAsync(folder));
        }

        public string Address { get; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync(string folder)
        {
            while (_listener.IsListening)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                string path = Path.Combine(folder, Uri.UnescapeDataString(context.Request.Url!.AbsolutePath).TrimStart('/'));
                context.Response.StatusCode = File.Exists(path) ? 200 : 404;
                context.Response.ContentType = Path.GetExtension(path) switch
                {
                    ".html" => "text/html; charset=utf-8",
                    ".js" => "text/javascript; charset=utf-8",
                    ".css" => "text/css; charset=utf-8",
                    ".jpg" => "image/jpeg",
                    _ => "image/png",
                };
                await using Stream body = context.Response.OutputStream;
                if (File.Exists(path))
                {
                    await body.WriteAsync(await File.ReadAllBytesAsync(path));
                }
            }
        }
    }
}
