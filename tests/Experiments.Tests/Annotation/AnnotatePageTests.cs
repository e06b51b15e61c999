using System.Diagnostics;
using System.Runtime.InteropServices;
using Experiments.Annotation;
using Experiments.Answers;
using Experiments.Images;
using Experiments.Results;
using Experiments.Tests.Answers;
using Microsoft.Playwright;
using TorchSharp;
using Xunit.Abstractions;

namespace Experiments.Tests.Annotation;

/// <summary>The page in a real browser, with the program as a process of its own behind it.</summary>
public sealed class AnnotatePageTests : IClassFixture<Chromium>, IDisposable
{
    private const int Questions = 60;

    private readonly Chromium _chromium;
    private readonly ITestOutputHelper _output;
    private readonly string _root = Directory.CreateTempSubdirectory("annotate-").FullName;
    private readonly ResultsFolder _results;

    public AnnotatePageTests(Chromium chromium, ITestOutputHelper output)
    {
        (_chromium, _output) = (chromium, output);
        _results = new ResultsFolder(Path.Combine(_root, "results"));
        File.WriteAllText(Path.Combine(_root, "small.yaml"), """
            version: 1
            title: Small
            layers: [0, 5]
            seeds: 5
            sampler: {steps: 1}
            prompts:
              object: {template: "{a object}", sample: 6, right: has object}
            questions:
              has object: {ask: "Is there {a object}?", of: object}
            """);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [SkippableFact]
    public async Task Fifty_answers_by_keyboard_outlive_undo_reload_and_a_killed_program()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        Dictionary<int, bool> said = [];
        IPage page = await _chromium.OpenAsync();
        using (AnnotateProcess first = Start())
        {
            await page.GotoAsync(await first.LinkAsync());
            await page.FillAsync("#name", "Ana");
            await page.Keyboard.PressAsync("Enter");
            await AnswerAsync(page, said, until: 20);

            await page.Keyboard.PressAsync("Space");
            await IsAtAsync(page, 19);
            said.Remove(await ShownAsync(page));
            await AnswerAsync(page, said, until: 20);

            await page.ReloadAsync();
            await IsAtAsync(page, 20);
            await AnswerAsync(page, said, until: 33);
            first.Kill();
            await PressAsync(page, "y");
            await page.WaitForSelectorAsync("#trouble:not([hidden])");
        }

        Assert.Equal(33, File.ReadAllLines(_results.AnswerJournal).Length - 2);
        using AnnotateProcess second = Start();
        await page.GotoAsync(await second.LinkAsync());
        await page.ClickAsync("#names >> text=Ana");
        await IsAtAsync(page, 33);
        await AnswerAsync(page, said, until: 50);
        await page.Keyboard.PressAsync("Backspace");
        await IsAtAsync(page, 49);
        said.Remove(await ShownAsync(page));
        await AnswerAsync(page, said, until: 50);

        Assert.Equal(0, second.End(PosixSignal.SIGTERM));
        Answer[] answers = [.. AnswerTable.Read(_results.Answers)];
        Answer[] all = [.. answers.Concat(AnswerTable.Read(_results.Questions)).OrderBy(PlaceInPlan)];
        Assert.Equal(Questions, all.Length);
        Assert.All(answers, answer => Assert.True(answer is { Annotator: "Ana", Answered: not null }));
        Assert.Equal(
            said.OrderBy(one => one.Key),
            answers.Select(answer => KeyValuePair.Create(Array.IndexOf(all, answer), answer.Yes == true)).OrderBy(one => one.Key));
        Assert.False(File.Exists(_results.AnswerJournal));
        Assert.Contains("10 are missing", second.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Two_at_once_share_the_work_and_a_fifth_of_it_is_answered_by_both()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        using AnnotateProcess program = Start("--overlap", "20%");
        IPage[] pages = [await _chromium.OpenAsync(), await _chromium.OpenAsync()];
        string[] names = ["Ana", "Ben"];
        for (int i = 0; i < pages.Length; i++)
        {
            await pages[i].GotoAsync(await program.LinkAsync());
            await pages[i].FillAsync("#name", names[i]);
            await pages[i].ClickAsync("#name-form button");
        }

        Task[] working = [.. pages.Select(AnswerAllAsync)];
        await Task.WhenAll(working);
        string progress = await pages[0].InnerTextAsync("#progress");

        Assert.Equal(0, program.End(PosixSignal.SIGINT));
        Answer[] answers = [.. AnswerTable.Read(_results.Answers)];
        Assert.Equal(Questions + (Questions / 5), answers.Length);
        Assert.Equal(Questions, answers.Select(answer => answer.Key).Distinct().Count());
        Assert.Equal(answers.Length, answers.Select(answer => (answer.Key, answer.Annotator)).Distinct().Count());
        Assert.Equal(names, answers.Select(answer => answer.Annotator).Distinct().Order());
        Assert.Contains("agreement on", progress, StringComparison.Ordinal);
        Assert.False(File.Exists(_results.Questions));
    }

    [SkippableFact]
    public async Task With_twenty_thousand_questions_the_page_is_there_at_once()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        const int Many = 20_000;
        Answer[] asked =
        [
            .. Enumerable.Range(0, Many).Select(number => SmallPlan.Asked(SmallPlan.Plan).First() with
            {
                Prompt = $"prompt {number / 28}",
                Asked = $"Is there thing {number / 28}?",
                Seed = (ulong)(number % 4),
                Layer = number / 4 % 7,
                ImageHash = "px-0123456789abcdef",
            }),
        ];
        string image = Path.Combine(_root, "image.png");
        using (torch.Tensor pixels = torch.zeros(3, 8, 8))
        {
            ImageFile.Write(image, pixels, "x");
        }

        Directory.CreateDirectory(_results.Path);
        using AnswerJournal journal = AnswerJournal.Open(_results);
        AnnotationWork work = new(asked, [], QuestionSet.Make(asked, seed: 0, overlap: 0.1), journal, ReferenceImages.None.For);
        (AnnotationServer server, string link) = await AnnotationServer.StartAsync(
            port: 0, work, ReferenceImages.None, new Dictionary<string, string> { ["px-0123456789abcdef"] = image }, _output.WriteLine);
        await using (server)
        {
            IPage page = await _chromium.OpenAsync();
            await page.GotoAsync(link);
            await page.FillAsync("#name", "Ana");
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync("#card:not([hidden])");

            Stopwatch opening = Stopwatch.StartNew();
            await page.ReloadAsync();
            await page.WaitForSelectorAsync("#card:not([hidden])");
            double opened = opening.Elapsed.TotalSeconds;
            Dictionary<int, bool> said = [];
            Stopwatch answering = Stopwatch.StartNew();
            await AnswerAsync(page, said, until: 20);
            _output.WriteLine($"opened in {opened:0.00} s; 20 answers in {answering.Elapsed.TotalSeconds:0.00} s");

            // Half a second on a machine that does nothing else; a busy one gets more.
            Assert.InRange(opened, 0, 3);
            Assert.InRange(answering.Elapsed.TotalSeconds, 0, 20);
        }
    }

    private AnnotateProcess Start(params string[] more) => AnnotateProcess.Start(
    [
        Path.Combine(_root, "small.yaml"), "--model", Path.Combine(AppContext.BaseDirectory, "reference", "sd1"), "--out", _results.Path,
        .. more,
    ]);

    private static (int, ulong, int) PlaceInPlan(Answer answer) => (answer.PromptNumber, answer.Seed, answer.Layer);

    private static async Task AnswerAsync(IPage page, Dictionary<int, bool> said, int until)
    {
        while (said.Count < until)
        {
            bool yes = said.Count % 3 > 0;
            await StartSetAsync(page);
            said.Add(await ShownAsync(page), yes);
            await page.WaitForFunctionAsync("() => isSeen()");
            await page.Keyboard.PressAsync(yes ? "y" : "n");
            await IsAtAsync(page, said.Count);
        }
    }

    // Until nothing is left, also of what the other one has yet to answer.
    private static async Task AnswerAllAsync(IPage page)
    {
        Random random = new(Seed: page.GetHashCode());
        for (int empty = 0; empty < 40;)
        {
            if (await page.IsVisibleAsync("#done"))
            {
                if ((await page.InnerTextAsync("#done-title")).StartsWith("All", StringComparison.Ordinal))
                {
                    return;
                }

                empty++;
                await Task.Delay(250);
                await page.ReloadAsync();
                await page.WaitForSelectorAsync("main > section:not([hidden])");
                continue;
            }

            await page.WaitForSelectorAsync("main > section:not([hidden])");
            await PressAsync(page, await page.IsVisibleAsync("#card") ? "Enter" : random.Next(2) == 0 ? "y" : "n");
            await page.WaitForFunctionAsync("() => !isBusy");
        }
    }

    private static async Task StartSetAsync(IPage page)
    {
        await page.WaitForSelectorAsync("#card:not([hidden]), #ask:not([hidden])");
        if (await page.IsVisibleAsync("#card"))
        {
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync("#ask:not([hidden])");
        }
    }

    private static async Task PressAsync(IPage page, string key) => await page.Keyboard.PressAsync(key);

    private static async Task<int> ShownAsync(IPage page) => await page.EvaluateAsync<int>("() => work.set.items[at].id");

    private static async Task IsAtAsync(IPage page, int answered) =>
        await page.WaitForFunctionAsync("count => work !== null && work.progress.mine === count && !isBusy", answered);
}
