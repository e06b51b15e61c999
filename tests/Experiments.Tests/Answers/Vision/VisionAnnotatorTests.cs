using DiffusionLens;
using Experiments.Answers;
using Experiments.Answers.Vision;
using Experiments.Images;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using TorchSharp;
using Given = Experiments.Tests.Answers.Vision.FakeServer.Given;

namespace Experiments.Tests.Answers.Vision;

public sealed class VisionAnnotatorTests : IDisposable
{
    private const int AllAnswers = (2 + (2 * 2)) * 3 * 2;
    private const string Key = "sk-a-secret";

    private static readonly VisionPrompt Score = new()
    {
        Name = "score",
        Form = VisionAnswerForm.Score,
        IsJunkNo = false,
        MaxTokens = 16,
        Ask = "{question} 0 to 10.",
    };

    private static readonly VisionPrompt YesNo = Score with { Name = "yes-no", Form = VisionAnswerForm.YesNo, MaxTokens = 1 };

    private readonly ResultsFolder _folder = new(Directory.CreateTempSubdirectory("vision-").FullName);
    private readonly List<string> _told = [];

    public VisionAnnotatorTests() => PaintAll(image => image);

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    [Fact]
    public void So_many_requests_are_in_flight_as_are_asked_for_and_a_second_run_asks_nothing()
    {
        byte[] first;
        VisionSettings settings;
        using (FakeServer server = new(number => Given.Text($"{number % 11}") with { Delay = TimeSpan.FromMilliseconds(150) }))
        {
            settings = Settings(server) with { Concurrency = 6 };
            AnsweringOutcome outcome = Run(settings);
            first = File.ReadAllBytes(_folder.Answers);

            Assert.Equal((0, AllAnswers, 0), (outcome.Kept, outcome.Asked, outcome.Missing));
            Assert.Equal((AllAnswers, 6), (server.Posts, server.Most));
        }

        AnsweringOutcome second = Run(settings);
        ForgetAnswers();
        AnsweringOutcome third = Run(settings);

        Assert.Equal((AllAnswers, 0), (second.Kept, second.Asked));
        Assert.Equal((0, AllAnswers), (third.Kept, third.Asked));
        Assert.Equal(first, File.ReadAllBytes(_folder.Answers));
        Assert.All(Read(), answer =>
        {
            Assert.Equal(answer.Score > 5, answer.Yes);
            Assert.StartsWith("small-vlm@", answer.Annotator, StringComparison.Ordinal);
            Assert.NotNull(answer.Answered);
        });
    }

    [Theory]
    [InlineData(500, """{"error":{"message":"EngineCore encountered an issue."}}""", null)]
    [InlineData(502, "<html><title>502 Bad Gateway</title></html>", null)]
    [InlineData(503, """{"error":{"message":"server busy, please try again."}}""", null)]
    [InlineData(429, """{"error":{"message":"Rate limit reached"}}""", "0")]
    [InlineData(408, "", null)]
    [InlineData(200, """{"choices":[{"message":{"content":"7""", null)]
    [InlineData(200, """{"choices":[{"message":{"content":"1"},"finish_reason":"error"}]}""", null)]
    [InlineData(200, """{"error":{"code":502,"message":"Provider returned error"}}""", null)]
    public void What_fails_for_a_while_is_sent_again(int status, string body, string? retryAfter)
    {
        using FakeServer server = new(number => number <= 3 ? new Given(status, body) { RetryAfter = retryAfter } : Given.Text("7"));

        AnsweringOutcome outcome = Run(Settings(server));

        Assert.Equal(AllAnswers, outcome.Asked);
        Assert.All(Read(), answer => Assert.Equal(7, answer.Score));
    }

    [Theory]
    [InlineData(401, """{"error":"Unauthorized: sk-a-secret"}""", "key missing or wrong (401 Unauthorized: Unauthorized: [key])")]
    [InlineData(404, """{"error":{"message":"model 'small-vlm' not found"}}""", "the server has no model small-vlm")]
    [InlineData(429, """{"error":{"message":"You exceeded it.","code":"insufficient_quota"}}""", "the account's quota is used up")]
    [InlineData(500, """{"error":{"message":"image input is not supported - provide the mmproj"}}""", "without its vision part")]
    [InlineData(200, "<!doctype html><html></html>", "an HTML page")]
    [InlineData(200, """{"status":"ok"}""", "no answer of a chat model")]
    [InlineData(200, """{"error":"Unexpected endpoint."}""", "Unexpected endpoint.")]
    public void What_no_repetition_helps_ends_the_asking_with_one_line(int status, string body, string said)
    {
        using FakeServer server = new(_ => new Given(status, body));

        BadInputException problem = Assert.Throws<BadInputException>(() => Run(Settings(server)));

        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
        Assert.Contains(server.Url.ToString().TrimEnd('/'), problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, problem.ToString(), StringComparison.Ordinal);
        Assert.InRange(server.Posts, 1, VisionSettings.DefaultConcurrency);
    }

    [Fact]
    public void Requests_that_are_cut_off_by_the_end_of_the_asking_are_no_faults()
    {
        for (int round = 0; round < 30; round++)
        {
            using FakeServer server = new(_ => new Given(401, "{}"));
            Assert.Throws<BadInputException>(() => Run(Settings(server) with { Concurrency = 24 }));
        }
    }

    [Fact]
    public void A_question_that_is_refused_keeps_no_other_from_being_answered_and_the_next_run_asks_it_alone()
    {
        using FakeServer server = new(number => number % 6 == 0 ? new Given(400, """{"error":{"message":"too long"}}""") : Given.Text("7"));
        VisionSettings settings = Settings(server) with { Concurrency = 1 };

        BadInputException problem = Assert.Throws<BadInputException>(() => Run(settings));
        int answered = Read().Count;
        int posts = server.Posts;
        using FakeServer willing = new(_ => Given.Text("3"));
        AnsweringOutcome next = Run(settings with { Url = willing.Url });

        Assert.Contains($"too long; {answered} questions were answered now and are kept", problem.Message, StringComparison.Ordinal);
        Assert.Equal((AllAnswers, AllAnswers * 5 / 6), (posts, answered));
        Assert.Equal((answered, AllAnswers - answered, AllAnswers - answered), (next.Kept, next.Asked, willing.Posts));
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"content filter"}}""")]
    [InlineData(403, """{"error":{"code":403,"message":"content filter","metadata":{"reasons":["violence"]}}}""")]
    public void Refused_questions_at_the_head_of_the_list_keep_no_other_from_being_answered(int status, string refusal)
    {
        const string Objectionable = "first thing";
        FakeServer? server = null;
        using FakeServer filter = server = new(_ => server!.Bodies.Last().Contains(Objectionable, StringComparison.Ordinal)
            ? new Given(status, refusal)
            : Given.Text("7"));

        BadInputException problem = Assert.Throws<BadInputException>(() => Run(Settings(filter) with { Concurrency = 1 }));

        Assert.Contains("content filter; 12 questions were answered now", problem.Message, StringComparison.Ordinal);
        Assert.Equal(12, Read().Count);
        Assert.Equal(AllAnswers + 2, filter.Posts);
        Assert.Equal(2, filter.Bodies.Count(body => body.Contains("a circle", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_server_that_refuses_whatever_it_is_asked_is_given_up(int answered)
    {
        using FakeServer server = new(number => number <= answered ? Given.Text("7")
            : new Given(400, """{"error":{"message":"no credit"}}"""));

        BadInputException problem = Assert.Throws<BadInputException>(() => Run(Settings(server) with { Concurrency = 1 }));

        Assert.Contains($"no credit; {answered} questions were answered now", problem.Message, StringComparison.Ordinal);
        Assert.Equal(answered + 5 + 1, server.Posts);
    }

    [Fact]
    public void A_server_that_only_fails_is_given_up()
    {
        using FakeServer server = new(_ => new Given(500, "vector::_M_range_check"));

        BadInputException problem = Assert.Throws<BadInputException>(() => Run(Settings(server)));

        Assert.Contains("500 Internal Server Error: vector::_M_range_check", problem.Message, StringComparison.Ordinal);
        Assert.InRange(server.Posts, 4 * 5, 4 * (5 + VisionSettings.DefaultConcurrency));
    }

    [Fact]
    public void A_server_that_hangs_is_left_at_the_time_limit()
    {
        using FakeServer server = new(_ => Given.Text("7") with { Delay = TimeSpan.FromSeconds(30) });

        BadInputException problem = Assert.Throws<BadInputException>(
            () => Run(Settings(server) with { TimeLimit = TimeSpan.FromMilliseconds(200) }));

        Assert.Contains("no answer within 0.2 s (--vlm-timeout), twice", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_breaks_is_said()
    {
        using FakeServer server = FakeServer.Breaking();

        BadInputException problem = Assert.Throws<BadInputException>(() => Run(Settings(server)));

        Assert.Contains("0 questions were answered now", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_listens_the_option_to_wait_is_named_and_a_user_who_waits_is_told()
    {
        VisionSettings settings;
        using (FakeServer server = new(_ => Given.Text("7")))
        {
            settings = Settings(server);
        }

        BadInputException problem = Assert.Throws<BadInputException>(() => Run(settings));
        Assert.Throws<BadInputException>(
            () => Run(settings with { IsStarting = true, Patience = TimeSpan.FromMilliseconds(100) }));

        Assert.Contains("nothing listens there (connection refused)", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--vlm-wait", problem.Message, StringComparison.Ordinal);
        Assert.Contains("waiting up to", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_refuses_max_tokens_gets_the_newer_name_from_then_on()
    {
        using FakeServer server = new(number => number == 1
            ? new Given(400, """{"error":{"message":"Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'."}}""")
            : Given.Text("7"));

        AnsweringOutcome outcome = Run(Settings(server) with { Concurrency = 1 });

        Assert.Equal((AllAnswers, AllAnswers + 1), (outcome.Asked, server.Posts));
        Assert.Contains("\"max_tokens\"", server.Bodies.First(), StringComparison.Ordinal);
        Assert.All(server.Bodies.Skip(1), body => Assert.Contains("\"max_completion_tokens\":16", body, StringComparison.Ordinal));
    }

    [Fact]
    public void The_key_is_sent_and_written_nowhere()
    {
        using FakeServer server = new(number => number == 1 ? Given.Text($"my key is {Key}") : Given.Text("7"));
        VisionSettings settings = Settings(server);

        Assert.Throws<BadInputException>(() => Run(settings));

        Assert.All(server.Keys, key => Assert.Equal($"Bearer {Key}", key));
        Assert.DoesNotContain(Key, settings.ToString(), StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(_folder.Path, "*.*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain(Key, File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_key_no_header_is_sent()
    {
        using FakeServer server = new(_ => Given.Text("7"));

        Run(Settings(server) with { Key = "" });

        Assert.All(server.Keys, Assert.Null);
    }

    [Fact]
    public void What_is_no_answer_stays_open_is_kept_and_not_asked_again_unless_the_prompt_counts_it_as_no()
    {
        using FakeServer server = new(number => Given.Text(number == 1 ? "I cannot see that." : "7"));
        VisionSettings settings = Settings(server);

        BadInputException problem = Assert.Throws<BadInputException>(() => Run(settings));
        BadInputException again = Assert.Throws<BadInputException>(() => Run(settings));

        Assert.Contains($"1 of {AllAnswers} questions stay open", problem.Message, StringComparison.Ordinal);
        Assert.Contains("\"I cannot see that.\"", problem.Message, StringComparison.Ordinal);
        Assert.Contains("1 of 1 questions stay open", again.Message, StringComparison.Ordinal);
        Assert.Equal((AllAnswers, AllAnswers - 1), (server.Posts, Read().Count));

        Run(settings with { Prompt = Score with { IsJunkNo = true } });

        Assert.Equal(AllAnswers, server.Posts);
        Answer junk = Assert.Single(Read(), answer => answer.Score is null);
        Assert.False(junk.Yes);
    }

    [Fact]
    public void A_score_that_the_token_limit_may_have_cut_in_half_stays_open_in_the_next_run_too_and_the_way_out_is_said()
    {
        const string Half = """{"choices":[{"message":{"content":"1"},"finish_reason":"length"}]}""";
        using FakeServer server = new(number => number == 1 ? new Given(200, Half) : Given.Text("7"));
        VisionSettings settings = Settings(server) with { Prompt = Score with { IsJunkNo = true } };

        BadInputException problem = Assert.Throws<BadInputException>(() => Run(settings));
        BadInputException again = Assert.Throws<BadInputException>(() => Run(settings));

        Assert.Contains("\"1\", cut off by the token limit, to ", problem.Message, StringComparison.Ordinal);
        Assert.Contains("raise `max tokens` in the prompt file", problem.Message, StringComparison.Ordinal);
        Assert.Contains("1 of 1 questions stay open", again.Message, StringComparison.Ordinal);
        Assert.Equal((AllAnswers, AllAnswers - 1), (server.Posts, Read().Count));
    }

    [Fact]
    public void What_a_server_asks_to_wait_does_not_count_as_its_time()
    {
        using FakeServer server = new(number =>
            number == 1 ? new Given(429, "") { RetryAfter = "4" } : Given.Text("7") with { Delay = TimeSpan.FromMilliseconds(100) });

        AnsweringOutcome outcome = Run(Settings(server) with { TimeLimit = TimeSpan.FromSeconds(1.5) });

        Assert.Equal(AllAnswers, outcome.Asked);
    }

    [Fact]
    public void A_server_that_is_never_ready_and_says_to_come_at_once_is_left_when_patience_ends()
    {
        using FakeServer server = new(_ => new Given(503, """{"error":{"message":"Loading model"}}""") { RetryAfter = "0" });

        BadInputException problem =
            Assert.Throws<BadInputException>(() => Run(Settings(server) with { Patience = TimeSpan.FromMilliseconds(50) }));

        Assert.Contains("the model is being loaded", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_no_secret_does_not_change_answers()
    {
        using FakeServer server = new(_ => Given.Text("7"));

        AnsweringOutcome outcome = Run(Settings(server) with { Key = "7" });

        Assert.Equal(AllAnswers, outcome.Asked);
    }

    [Fact]
    public void The_share_of_yes_is_the_score()
    {
        using FakeServer server = new(_ => Given.Probabilities(yes: 0.6, no: 0.2));

        Run(Settings(server) with { Prompt = YesNo });

        Assert.All(Read(), answer => Assert.Equal((0.75, true), (answer.Score, answer.Yes)));
        Assert.Empty(_told);
    }

    [Fact]
    public void A_server_without_probabilities_is_said_once_and_answers_without_a_score()
    {
        using FakeServer server = new(_ => Given.Text("No."));

        Run(Settings(server) with { Prompt = YesNo });

        Assert.All(Read(), answer => Assert.Equal((null, false), (answer.Score, answer.Yes)));
        Assert.Contains("probabilities", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_to_another_prompt_take_the_place_of_earlier_ones_which_come_back_unasked()
    {
        using FakeServer server = new(number => Given.Text(number <= AllAnswers ? "7" : "2"));
        VisionSettings one = Settings(server), other = one with { Prompt = Score with { Ask = "Tell me: {question}" } };

        Run(one);
        byte[] first = File.ReadAllBytes(_folder.Answers);
        Run(other);
        IReadOnlyList<Answer> second = Read();
        Run(one);

        Assert.All(second, answer => Assert.Equal((2.0, new VisionAnnotator(other).Name), (answer.Score, answer.Annotator)));
        Assert.Equal(AllAnswers, second.Count);
        Assert.Equal(first, File.ReadAllBytes(_folder.Answers));
        Assert.Equal(2 * AllAnswers, server.Posts);
    }

    [Fact]
    public void A_cancelled_run_keeps_what_was_answered_and_the_next_one_asks_the_rest()
    {
        using FakeServer server = new(_ => Given.Text("7") with { Delay = TimeSpan.FromMilliseconds(30) });
        VisionSettings settings = Settings(server);
        using CancellationTokenSource stop = new();

        Assert.ThrowsAny<OperationCanceledException>(() => AnsweringStage.Run(
            SmallPlan.Plan,
            _folder,
            [new VisionAnnotator(settings)],
            done => { if (done >= 10) { stop.Cancel(); } },
            cancellation: stop.Token));
        int kept = Read().Count, posts = server.Posts;
        Run(settings);

        Assert.Equal(10, kept);
        Assert.Equal(AllAnswers, Read().Count);
        Assert.InRange(server.Posts - posts, AllAnswers - 10 - VisionSettings.DefaultConcurrency, AllAnswers - 10);
    }

    [Fact]
    public void A_line_that_a_stop_cut_off_is_asked_again()
    {
        using FakeServer server = new(_ => Given.Text("7"));
        VisionSettings settings = Settings(server);
        Run(settings);
        ForgetAnswers();
        byte[] lines = File.ReadAllBytes(_folder.VisionReplies);
        File.WriteAllBytes(_folder.VisionReplies, lines[..^20]);

        Run(settings);
        Run(settings);

        Assert.Equal(AllAnswers + 1, server.Posts);
        Assert.Equal(AllAnswers, Read().Count);
    }

    [Fact]
    public void What_is_the_same_to_the_model_is_asked_once()
    {
        PaintAll(_ => 1);
        using FakeServer server = new(_ => Given.Text("7"));

        Run(Settings(server));

        Assert.Equal(2, server.Posts);
        Assert.Equal(AllAnswers, Read().Count);
    }

    [Theory]
    [InlineData("vllm", "small-vlm", null)]
    [InlineData("ollama", "small-vlm", null)]
    [InlineData("ollama", "other", "the server has no model other; it has small-vlm:latest")]
    [InlineData("vllm", "other", "the server has no model other; it has small-vlm")]
    [InlineData("llama-server", "other", null)]
    public void The_model_is_looked_up_before_the_first_question(string name, string model, string? said)
    {
        using FakeServer server = new(_ => Given.Text("7"), ReferenceResponses.Models(name));

        string? problem = Record.Exception(() => Run(Settings(server) with { Model = model }))?.Message;

        Assert.Equal(said is null, problem is null);
        Assert.Contains(said ?? "", problem ?? "", StringComparison.Ordinal);
        Assert.Equal(said is null ? AllAnswers : 0, server.Posts);
        Assert.Equal(name == "llama-server" ? 1 : 0, _told.Count(line => line.Contains("small-vlm.gguf", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_asking_takes_is_told_beforehand()
    {
        using FakeServer server = new(_ => Given.Text("7"));
        VisionAnnotator annotator = new(Settings(server));

        string before = annotator.CostOf(SmallPlan.Plan, _folder)!;
        int posts = server.Posts;
        Run(Settings(server));
        string after = annotator.CostOf(SmallPlan.Plan, _folder)!;
        string otherwise = annotator.CostOf(
            SmallPlan.Plan with { Questions = [.. SmallPlan.Plan.Questions.Select(question => question with { Text = "Is it there?" })] },
            _folder)!;

        Assert.Contains($"takes {AllAnswers} calls", before, StringComparison.Ordinal);
        Assert.Equal(0, posts);
        Assert.Contains($"takes 0 calls", after, StringComparison.Ordinal);
        Assert.Contains($"{AllAnswers} answers there", after, StringComparison.Ordinal);
        Assert.DoesNotContain("takes 0 calls", otherwise, StringComparison.Ordinal);
    }

    private static VisionSettings Settings(FakeServer server) => new()
    {
        Url = server.Url,
        Model = "small-vlm",
        Prompt = Score,
        Key = Key,
        FirstDelay = TimeSpan.FromMilliseconds(5),
    };

    // With the copy from which answers that nobody can make again come back.
    private void ForgetAnswers() =>
        Array.ForEach([_folder.Answers, _folder.AnswersHash, _folder.KeptAnswers], File.Delete);

    private AnsweringOutcome Run(VisionSettings settings)
    {
        using VisionAnnotator annotator = new(settings);
        return AnsweringStage.Run(SmallPlan.Plan, _folder, [annotator], tell: _told.Add);
    }

    private IReadOnlyList<Answer> Read() => AnswerTable.Read(_folder.Answers);

    private void PaintAll(Func<int, int> levelOf)
    {
        int number = 0;
        foreach (PlannedImage image in SmallPlan.Plan.Images)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            ImageFile.Write(_folder.In(image.Path), torch.full([3, 2, 2], levelOf(number++) / 100.0), "an identity");
        }
    }
}
