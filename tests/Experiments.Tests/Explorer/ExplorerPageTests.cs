using System.Diagnostics;
using System.Globalization;
using DiffusionLens;
using Experiments.Plans;
using Experiments.Tests.Annotation;
using Experiments.Tests.Answers;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Experiments.Tests.Explorer;

/// <summary>The page in a real browser, opened as a file.</summary>
public sealed class ExplorerPageTests : IClassFixture<Chromium>, IDisposable
{
    private readonly Chromium _chromium;
    private readonly ITestOutputHelper _output;
    private readonly string _root = Directory.CreateTempSubdirectory("explorer-").FullName;
    private readonly List<string> _errors = [];

    public ExplorerPageTests(Chromium chromium, ITestOutputHelper output) => (_chromium, _output) = (chromium, output);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [SkippableFact]
    public async Task Ten_thousand_images_are_there_at_once_and_the_slider_keeps_up()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        ExploredFolder explored = new(Path.Combine(_root, "results"), Many(prompts: 360));
        Assert.Equal(10_080, explored.Plan.ImageCount);
        CopyImages(explored);
        explored.Write();
        IPage page = await OpenAsync(explored);

        Stopwatch opening = Stopwatch.StartNew();
        await page.ReloadAsync();
        await IsOpenAsync(page);
        double opened = opening.Elapsed.TotalSeconds;
        double[] frames = await page.EvaluateAsync<double[]>(
            """
            async () => {
              const slider = document.getElementById("slider"), work = [];
              for (let i = 0; i < 120; i++) {
                await new Promise(requestAnimationFrame);
                slider.value = (main.depth - 1) * (0.5 + 0.5 * Math.sin(i / 9));
                const begin = performance.now();
                slider.dispatchEvent(new Event("input"));
                drawNow();
                document.body.getBoundingClientRect();
                work.push(performance.now() - begin);
              }
              return work.sort((a, b) => a - b);
            }
            """);
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"opened in {opened:0.00} s; a step of the slider takes {frames[60]:0.0} ms, nine of ten less than {frames[108]:0.0} ms"));

        // A second, and 16 ms, on a machine that does nothing else; a busy one gets more.
        Assert.InRange(opened, 0, 4);
        Assert.InRange(frames[60], 0, 16);
        Assert.Equal("360 prompts", await page.InnerTextAsync("#count-text"));
        AssertNoErrors();
    }

    [SkippableFact]
    public async Task A_link_brings_back_what_was_looked_at()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        ExploredFolder explored = Written();
        IPage page = await OpenAsync(explored);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("2");
        await page.Keyboard.PressAsync("f");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("c");
        string link = await LinkAsync(page), before = await StateAsync(page);

        await page.GotoAsync("about:blank");
        await page.GotoAsync(link);
        await IsOpenAsync(page);
        Assert.Equal(before, await StateAsync(page));

        await page.EvaluateAsync("location.hash = '#layer=0&seed=0&prompt=object/000-ü+%23%25%26'");
        await page.WaitForFunctionAsync("() => document.getElementById('layer-text').textContent === 'Layer 0 of 4'");
        Assert.Equal("a cow", await page.InnerTextAsync("#pane-a .prompt"));
        Assert.True(await page.IsHiddenAsync("#pane-b"));
        AssertNoErrors();
    }

    [SkippableFact]
    public async Task Every_image_is_the_runs_own_file_whatever_the_prompt_is()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        ExploredFolder explored = Written();
        IPage page = await OpenAsync(explored);

        string[] addresses = await page.EvaluateAsync<string[]>(
            "() => main.rows.flatMap((_, row) => main.layers.map((_, layer) => new URL(main.path(row, layer), location).href))");
        Assert.Equal(explored.Plan.Images.Select(image => Path.GetFullPath(explored.Folder.In(image.Path))),
            addresses.Select(address => new Uri(address).LocalPath));

        await page.Keyboard.PressAsync("ArrowDown");
        await page.WaitForFunctionAsync("() => document.querySelector('#pane-a .prompt').textContent.startsWith(\"it's\")");
        Assert.Equal(explored.Plan.Prompts[1].Text, await PromptAsync(page, "a"));
        Assert.Equal(0, await page.Locator("#pane-a .prompt b, #list b").CountAsync());
        await page.WaitForFunctionAsync("() => panes.a.images[main.depth - 1].naturalWidth === 64");
        AssertNoErrors();
    }

    [SkippableFact]
    public async Task Filters_and_search_leave_the_prompts_they_say()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        IPage page = await OpenAsync(Written());

        await page.FillAsync("#search", "cow");
        Assert.Equal("2 of 4 prompts", await CountAsync(page));
        await page.SelectOptionAsync("#condition", "two colors");
        Assert.Equal("1 of 4 prompts", await CountAsync(page));
        Assert.Contains("text=cow", await LinkAsync(page), StringComparison.Ordinal);
        await page.ClickAsync("#clear");
        Assert.Equal("4 prompts", await CountAsync(page));

        // The prompt numbered n is right from layer n on: 0 at once, 1 and 2 at layer 2, 3 at layer 4.
        await page.SelectOptionAsync("#first", new SelectOptionValue { Label = "at layer 2" });
        Assert.Equal("2 of 4 prompts", await CountAsync(page));
        await page.SelectOptionAsync("#first", "");
        await page.SelectOptionAsync("#verdict", "wrong");
        Assert.Equal("0 of 4 prompts", await CountAsync(page));
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Home");
        Assert.Equal("3 of 4 prompts", await CountAsync(page, of: 3));
        AssertNoErrors();
    }

    [SkippableFact]
    public async Task A_click_on_a_point_lights_it_up_and_shows_the_images_behind_it()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        IPage page = await OpenAsync(Written());
        float[] place = await page.EvaluateAsync<float[]>(
            """
            () => {
              const frame = document.querySelector("#chart svg").getBoundingClientRect(), scale = frame.width / chart.width;
              const point = main.figures[0].curves[1].points[1];
              return [frame.left + chart.x(point.layer) * scale, frame.top + chart.y(point.mean) * scale];
            }
            """);

        await page.Mouse.ClickAsync(place[0], place[1]);

        await page.WaitForFunctionAsync("() => document.getElementById('gallery-title').textContent === 'Two colored objects, layer 2'");
        Assert.Equal(["yes 2", "no 2", "all 4"], await page.Locator("#which button").AllInnerTextsAsync());
        Assert.Equal(2, await page.Locator("#gallery [role=option]:not([hidden])").CountAsync());
        Assert.Equal("Layer 2 of 4", await page.InnerTextAsync("#layer-text"));
        Assert.Equal(1, await page.Locator("#chart .halo.chosen .ring").CountAsync());
        Assert.Equal("50 %", await page.EvaluateAsync<string>(
            "document.querySelector('#legend [aria-pressed=true] .value').lastChild.textContent"));

        await page.ClickAsync("#which button:has-text('no')");
        await DrawnAsync(page, "view.which === 'no'");
        await page.ClickAsync("#gallery [role=option] >> nth=0");
        await DrawnAsync(page, "main.rows[view.row].prompt.number === 3");
        Assert.Equal("wrong", await page.InnerTextAsync("#pane-a .verdict"));
        AssertNoErrors();
    }

    [SkippableFact]
    public async Task Two_stand_side_by_side_seeds_prompts_sites_and_models()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        ExploredFolder first = Written(model: "mini-sd");
        Plan deeper = SmallPlan.Make([0, 1, 2, 3, 4, 5, 6, 7, 8], [.. first.Plan.Spec.Figures]) with { LastLayer = 8 };
        Written(model: "mini-if", plan: deeper with { Prompts = first.Plan.Prompts, Questions = first.Plan.Questions });
        IPage page = await OpenAsync(first);

        await page.SelectOptionAsync("#kind", "seed");
        Assert.Contains("seed 1", await FactsAsync(page), StringComparison.Ordinal);
        await page.SelectOptionAsync("#kind", "prompt");
        await page.WaitForSelectorAsync("#pane-b .prompt >> text=it's");
        Assert.Equal(first.Plan.Prompts[1].Text, await PromptAsync(page, "b"));
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("x");
        await page.WaitForFunctionAsync("() => document.querySelector('#pane-b .prompt').textContent === 'a cow'");
        await page.Keyboard.PressAsync("x");
        await page.SelectOptionAsync("#kind", "site");
        await page.WaitForFunctionAsync("() => document.querySelector('#pane-b .facts').textContent.includes('two colors')");
        await page.SelectOptionAsync("#kind", "model");
        await page.WaitForFunctionAsync("() => document.querySelector('#pane-b .facts').textContent.includes('mini-if')");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.WaitForFunctionAsync("() => document.querySelector('#pane-b .facts').textContent.includes('layer 4 of 8')");
        string link = await LinkAsync(page);
        Assert.Contains("with=model%3Amini-if", link, StringComparison.Ordinal);

        await page.GotoAsync("about:blank");
        await page.GotoAsync(link);
        await IsOpenAsync(page);
        await page.WaitForFunctionAsync("() => document.querySelector('#pane-b .facts').textContent.includes('layer 4 of 8')");
        AssertNoErrors();
    }

    [SkippableFact]
    public async Task By_keyboard_alone_it_is_all_there_and_each_change_is_said()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        IPage page = await OpenAsync(Written());

        await page.Keyboard.PressAsync("?");
        Assert.True(await page.IsVisibleAsync("#help"));
        await page.Keyboard.PressAsync("Escape");
        Assert.False(await page.IsVisibleAsync("#help"));
        await page.Keyboard.PressAsync("Home");
        await page.WaitForFunctionAsync("() => document.getElementById('live').textContent.startsWith('Layer 0 of 4, right. a cow')");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("b>");
        Assert.Equal("1 of 4 prompts", await CountAsync(page));
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Space");
        Assert.Equal("true", await page.GetAttributeAsync("#play", "aria-pressed"));
        await DrawnAsync(page, "view.layer === main.depth - 1");
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal("false", await page.GetAttributeAsync("#play", "aria-pressed"));
        await page.FocusAsync("#gallery");
        await page.Keyboard.PressAsync("ArrowRight");
        await DrawnAsync(page, "main.rows[view.row].seed === 1");

        string[] nameless = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll("button, select, input, [role=listbox], [role=option], [role=img]")]
              .filter((one) => one.checkVisibility() && !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby")
                && !one.closest("label") && one.textContent.trim() === "")
              .map((one) => one.outerHTML)
            """);
        Assert.Empty(nameless);
        AssertNoErrors();
    }

    [SkippableTheory]
    [InlineData(1280)]
    [InlineData(900)]
    [InlineData(400)]
    public async Task Nothing_is_wider_than_the_window(int width)
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        IPage page = await OpenAsync(Written(), width);
        foreach (string kind in new[] { "", "prompt" })
        {
            await page.SelectOptionAsync("#kind", kind);
            await page.WaitForTimeoutAsync(200);
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }

        if (width == 400)
        {
            Assert.False(await page.IsVisibleAsync("#finder"));
            await page.ClickAsync("#find");
            await page.ClickAsync("#list [role=option] >> nth=1");
            await page.WaitForFunctionAsync("() => main.rows[view.other.row].prompt.number === 1");
            Assert.False(await page.IsVisibleAsync("#finder"));
        }

        AssertNoErrors();
    }

    [SkippableFact]
    public async Task Where_there_are_no_answers_yet_and_images_are_missing_it_says_so()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        ExploredFolder explored = new(Path.Combine(_root, "results"), ExploredFolder.Prompts);
        explored.Paint(isThere: image => image.Seed == 0);
        explored.Write(answers: []);
        IPage page = await OpenAsync(explored);

        Assert.Contains("no answers yet", await page.InnerTextAsync("#figure-note"), StringComparison.Ordinal);
        Assert.Contains("Nobody has answered yet", await page.InnerTextAsync("#answers"), StringComparison.Ordinal);
        Assert.True(await page.IsHiddenAsync("#verdict"));
        await page.Keyboard.PressAsync("2");
        await page.WaitForSelectorAsync("#pane-a .none:has-text('This image is not there.') >> visible=true");
        Assert.NotEqual(0, await page.Locator("#film .thumb.gone").CountAsync());
    }

    [SkippableFact]
    public async Task One_token_after_another_is_a_grid_of_tokens_and_layers()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        LensSite site = new(Layer: 0) { Rest = SiteRest.EmptyFinal };
        Plan plan = SmallPlan.Plan;
        PlannedPrompt[] prompts =
        [
            .. plan.Prompts.Select(prompt => prompt with
            {
                Sites = [.. Enumerable.Range(2, 3).Select(token => site with { Tokens = SiteTokens.Token(token) })],
            }),
        ];
        ExploredFolder explored = new(Path.Combine(_root, "results"), plan with
        {
            Prompts = prompts,
            Questions = [.. plan.Questions.Select(question => question with { Prompt = prompts[question.Prompt.Number] })],
        });
        explored.Paint();
        explored.Write();
        IPage page = await OpenAsync(explored);

        Assert.Equal(3 * 3, await page.Locator("#film button").CountAsync());
        Assert.Equal(["piece 2", "piece 3", "piece 4"], await page.Locator("#film .token").AllInnerTextsAsync());
        await page.ClickAsync("#film button >> nth=4");
        await DrawnAsync(page, "view.layer === 1 && main.rows[view.row].place === 1");
        await page.Keyboard.PressAsync("t");
        await DrawnAsync(page, "main.rows[view.row].place === 2");
        Assert.Contains("site=tokens-token-4", await LinkAsync(page), StringComparison.Ordinal);
        AssertNoErrors();
    }

    [SkippableFact]
    public async Task With_one_layer_there_is_nothing_to_slide()
    {
        Skip.If(Chromium.Missing is not null, Chromium.Missing);
        Plan plan = SmallPlan.Make([4], [.. SmallPlan.Plan.Spec.Figures]);
        IPage page = await OpenAsync(Written(plan: plan));

        Assert.True(await page.IsHiddenAsync("#slider"));
        Assert.True(await page.IsHiddenAsync("#play"));
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("Space");
        Assert.Equal("Layer 4 of 4", await page.InnerTextAsync("#layer-text"));
        AssertNoErrors();
    }

    private ExploredFolder Written(string model = "mini-sd", Plan? plan = null)
    {
        ExploredFolder explored = new(Path.Combine(_root, model), plan ?? ExploredFolder.Prompts) { Model = model };
        explored.Paint();
        explored.Write();
        return explored;
    }

    private async Task<IPage> OpenAsync(ExploredFolder explored, int width = 1280)
    {
        IPage page = await _chromium.OpenAsync();
        await page.SetViewportSizeAsync(width, 800);
        page.PageError += (_, error) => _errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Add(message.Text);
            }
        };
        await page.GotoAsync(explored.Address);
        await IsOpenAsync(page);
        return page;
    }

    private void AssertNoErrors() => Assert.Equal([], _errors);

    private static async Task IsOpenAsync(IPage page) => await page.WaitForFunctionAsync(
        """
        () => document.querySelector("#pane-a img")?.complete && document.querySelector("#list [role=option]") !== null && dirty.size === 0
        """);

    // The page draws what changed all at once, a frame later.
    private static async Task DrawnAsync(IPage page, string holds) =>
        await page.WaitForFunctionAsync($"() => dirty.size === 0 && {holds}");

    private static async Task<string> PromptAsync(IPage page, string pane) =>
        await page.EvaluateAsync<string>("pane => document.querySelector(`#pane-${pane} .prompt`).textContent", pane);

    private static async Task<string> LinkAsync(IPage page)
    {
        await DrawnAsync(page, "view.position === view.layer");
        return await page.EvaluateAsync<string>("() => { writeState(); return location.href; }");
    }

    private static async Task<string> StateAsync(IPage page) => await page.EvaluateAsync<string>(
        "() => JSON.stringify([view.row, view.layer, view.figure, view.curve, view.other?.kind, view.other?.row, view.filter])");

    private static async Task<string> CountAsync(IPage page, int? of = null)
    {
        await page.WaitForFunctionAsync(
            "of => dirty.size === 0 && (of === null || document.getElementById('count-text').textContent.startsWith(of))",
            of?.ToString(CultureInfo.InvariantCulture));
        return await page.InnerTextAsync("#count-text");
    }

    private static async Task<string> FactsAsync(IPage page)
    {
        await page.WaitForSelectorAsync("#pane-b:not([hidden]) .facts");
        return await page.InnerTextAsync("#pane-b .facts");
    }

    // Prompts of one condition, four seeds, seven layers.
    private static Plan Many(int prompts)
    {
        Plan small = SmallPlan.Make([0, 2, 4, 6, 8, 10, 12], [.. SmallPlan.Plan.Spec.Figures.Take(1)]);
        PlannedPrompt[] many =
        [
            .. Enumerable.Range(0, prompts).Select(number => small.Prompts[number < prompts / 2 ? 0 : 2] with
            {
                Number = number,
                Text = $"a thing of number {number} and another",
                Folder = $"{small.Prompts[number < prompts / 2 ? 0 : 2].Folder}-{number}",
            }),
        ];
        return small with
        {
            Prompts = many,
            Seeds = [0, 1, 2, 3],
            LastLayer = 12,
            Questions =
            [
                .. many.SelectMany(prompt => small.Questions
                    .Where(question => question.Prompt.Condition == prompt.Condition)
                    .DistinctBy(question => question.Name)
                    .Select(question => question with { Prompt = prompt })),
            ],
        };
    }

    private static void CopyImages(ExploredFolder explored)
    {
        ExploredFolder few = new(Path.Combine(explored.Folder.Path, "few"), SmallPlan.Plan);
        few.Paint();
        string[] painted = [.. few.Plan.Images.Select(image => few.Folder.In(image.Path))];
        foreach ((int number, PlannedImage image) in explored.Plan.Images.Index())
        {
            string path = explored.Folder.In(image.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(painted[number % painted.Length], path);
        }
    }
}
