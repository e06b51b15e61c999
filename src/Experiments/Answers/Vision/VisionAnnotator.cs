using System.Globalization;
using System.Threading.Channels;
using DiffusionLens;
using Experiments.Catalog;
using Experiments.Images;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Humanizer;

namespace Experiments.Answers.Vision;

/// <summary>
/// A vision-language model behind the OpenAI API. Several requests are in flight at any time; what was said is never asked again.
/// </summary>
internal sealed class VisionAnnotator : IAnnotator
{
    private const string DefaultPrompt = "score";
    private const string PlainQuestion = "Is there a circle in the picture?", PlainPrompt = "a circle";
    private const int FailuresInARow = 5;
    private const byte MiddleLevel = 128;

    private readonly VisionSettings _settings;

    /// <param name="settings">The model, where it is and how it is asked.</param>
    public VisionAnnotator(VisionSettings settings)
    {
        _settings = settings;
        Name = AnnotatorName.OfMachine(settings.Model, settings.Sha256);
    }

    public string Name { get; }

    public bool IsAutomatic => true;

    /// <summary>The annotator that is meant.</summary>
    /// <param name="said">What the command line and the spec say.</param>
    /// <exception cref="BadInputException">It is not said where it is, or how it is called.</exception>
    public static VisionAnnotator Of(VisionSpec said) => new(VisionSettings.Of(
        said with { Prompt = said.Prompt ?? VisionPromptReader.Read(AssetCatalog.Prompts.Find(DefaultPrompt).Path) },
        Environment.GetEnvironmentVariable));

    public bool Gave(string annotator) => annotator == Name;

    // Another prompt makes another annotator, and the two are never mixed.
    public bool GaveBefore(string annotator) =>
        annotator != Name && AnnotatorName.IsMachine(annotator) && AnnotatorName.Plain(annotator) == _settings.Model;

    public void RequireAble(Plan plan)
    {
        foreach (PlannedQuestion question in plan.Questions)
        {
            _settings.Prompt.TextOf(question.Text, question.Prompt.Text);
        }
    }

    public string? CostOf(Plan plan, ResultsFolder folder)
    {
        using ReplyCache cache = ReplyCache.Open(folder);
        HashSet<string> keys = [];
        ILookup<(AnswerKey, string), Answer> answered = AnswersFile.ReadReliable(folder)
            .Where(answer => Gave(answer.Annotator))
            .ToLookup(answer => (answer.Key, answer.ImageHash));
        ILookup<int, PlannedQuestion> questions = plan.Questions.ToLookup(question => question.Prompt.Number);
        int calls = 0, kept = 0, side = SentImage.LeastSide;
        long letters = 0;
        foreach (PlannedImage image in plan.Images)
        {
            string path = folder.In(image.Path);
            string? hash = File.Exists(path) ? ImageFile.PixelHashOf(path) : null;
            foreach (PlannedQuestion question in questions[image.Prompt.Number])
            {
                string text = _settings.Prompt.TextOf(question.Text, image.Prompt.Text);
                string? key = hash is null ? null : ReplyCache.KeyOf(_settings, text, hash);
                if (key is not null
                    && (cache.Find(key) is not null
                        || answered[(AnsweringStage.Blank(image, question).Key, hash!)].Any(answer => answer.WasAsked(question.Text))
                        || !keys.Add(key)))
                {
                    kept++;
                    continue;
                }

                calls++;
                letters += text.Length + (_settings.Prompt.System?.Length ?? 0);
            }
        }

        ImageLevels? first = FirstImage(plan, folder);
        return VisionCost.Say(_settings, calls, kept, letters, first is null ? (side, side) : (first.Width, first.Height));
    }

    public IEnumerable<Answer> Answer(AnnotationRequest request, CancellationToken cancellation)
    {
        using ReplyCache cache = ReplyCache.Open(request.Folder);
        VisionOutcome outcome = new(_settings, request.Open.Count);
        List<VisionQuestion> open = [];
        foreach (VisionQuestion question in Questions(request))
        {
            if (cache.Find(question.Key) is { } stored)
            {
                foreach (Answer answer in Answers(question, stored, outcome))
                {
                    yield return answer;
                }
            }
            else
            {
                open.Add(question);
            }
        }

        if (open.Count > 0)
        {
            foreach ((VisionQuestion question, StoredReply reply) in Ask(open, request, cache, outcome, cancellation))
            {
                foreach (Answer answer in Answers(question, reply, outcome))
                {
                    yield return answer;
                }
            }
        }

        outcome.RequireAll();
    }

    public void Dispose()
    {
        // Connections end with the asking.
    }

    // Questions in the plan's order; what is the same to the model is asked once.
    private IEnumerable<VisionQuestion> Questions(AnnotationRequest request)
    {
        foreach (IGrouping<(string Text, string ImageHash), Answer> same in request.Open.GroupBy(
            answer => (_settings.Prompt.TextOf(answer.Asked, answer.Prompt), answer.ImageHash)))
        {
            yield return new VisionQuestion(
                ReplyCache.KeyOf(_settings, same.Key.Text, same.Key.ImageHash), same.Key.Text, [.. same]);
        }
    }

    private IEnumerable<Answer> Answers(VisionQuestion question, StoredReply stored, VisionOutcome outcome)
    {
        ReadAnswer read = ReadAnswer.Of(stored.ToReply(), _settings.Prompt);
        foreach (Answer answer in question.Answers)
        {
            if (read.Yes is null)
            {
                outcome.AddJunk(answer, stored);
            }
            else
            {
                yield return answer with
                {
                    Score = read.Score,
                    Yes = read.Yes,
                    Annotator = Name,
                    Answered = AnswerTime.Read(stored.Answered),
                };
            }
        }
    }

    // Workers write to a channel, and whoever goes through the answers reads from it; leaving off early stops them.
    private IEnumerable<(VisionQuestion Question, StoredReply Reply)> Ask(
        List<VisionQuestion> open, AnnotationRequest request, ReplyCache cache, VisionOutcome outcome, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using ChatServer server = new(_settings, request.Tell);
        Channel<(VisionQuestion, StoredReply)> replies = Channel.CreateUnbounded<(VisionQuestion, StoredReply)>();
        Task work = Task.Run(() => AskAll(server, open, request, cache, outcome, replies.Writer, stop), CancellationToken.None);
        try
        {
            IAsyncEnumerable<(VisionQuestion, StoredReply)> given = replies.Reader.ReadAllAsync(CancellationToken.None);
            foreach ((VisionQuestion, StoredReply) reply in given.ToBlockingEnumerable(cancellation))
            {
                yield return reply;
            }
        }
        finally
        {
            stop.Cancel();
            work.Wait(CancellationToken.None);
        }

        cancellation.ThrowIfCancellationRequested();
    }

    private async Task AskAll(
        ChatServer server,
        List<VisionQuestion> open,
        AnnotationRequest request,
        ReplyCache cache,
        VisionOutcome outcome,
        ChannelWriter<(VisionQuestion, StoredReply)> replies,
        CancellationTokenSource stop)
    {
        Exception? fault = null;
        int next = -1;
        try
        {
            await server.CheckAsync(stop.Token).ConfigureAwait(false);
            await Task.WhenAll(Enumerable.Range(0, Math.Min(_settings.Concurrency, open.Count)).Select(_ => Task.Run(Work)))
                .ConfigureAwait(false);
        }
        catch (ServerProblemException problem)
        {
            outcome.AddProblem(problem.Problem);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Whoever stopped it knows why.
        }
        catch (Exception problem)
        {
            fault = problem;
        }
        finally
        {
            replies.Complete(fault);
        }

        async Task Work()
        {
            for (int place; (place = Interlocked.Increment(ref next)) < open.Count && !stop.IsCancellationRequested;)
            {
                VisionQuestion question = open[place];
                try
                {
                    string dataUri = SentImage.Of(ImageFile.ReadLevels(request.Folder.In(question.Answers[0].Image)));
                    ChatReply reply = await server.AskAsync(question.Text, dataUri, stop.Token).ConfigureAwait(false);
                    StoredReply stored = Stored(question, reply);
                    cache.Add(stored);
                    outcome.AddReply(reply, request.Tell);
                    replies.TryWrite((question, stored));
                }
                catch (ServerProblemException problem)
                {
                    int inARow = outcome.AddProblem(problem.Problem), many = Math.Max(FailuresInARow, _settings.Concurrency);
                    bool isOver = problem.Problem.IsOfAll
                        || (problem.Problem.IsRefusal ? inARow % many == 0 && !await IsWilling(question).ConfigureAwait(false)
                            : inARow >= many);
                    if (isOver)
                    {
                        await stop.CancelAsync().ConfigureAwait(false);
                    }
                }
                catch (BadInputException)
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                    throw;
                }
            }
        }

        // Whether the server answers what nobody can object to, about an image of the same size: if not, it refuses whatever it is asked.
        async Task<bool> IsWilling(VisionQuestion refused)
        {
            ImageLevels size = ImageFile.ReadLevels(request.Folder.In(refused.Answers[0].Image));
            try
            {
                await server.AskAsync(_settings.Prompt.TextOf(PlainQuestion, PlainPrompt), SentImage.Of(Gray(size)), stop.Token)
                    .ConfigureAwait(false);
                return true;
            }
            catch (ServerProblemException)
            {
                return false;
            }
        }
    }

    private static ImageLevels Gray(ImageLevels size)
    {
        byte[] rgb = new byte[size.Rgb.Length];
        Array.Fill(rgb, MiddleLevel);
        return size with { Rgb = rgb };
    }

    private StoredReply Stored(VisionQuestion question, ChatReply reply) => new(
        question.Key, _settings.Model, question.Answers[0].ImageHash, question.Text, AnswerTime.Text(AnswerTime.Now))
    {
        Reply = reply.Text,
        Note = reply.Note,
        IsCut = reply.IsCut,
        YesMass = reply.YesMass,
        NoMass = reply.NoMass,
        PromptTokens = reply.PromptTokens,
        CompletionTokens = reply.CompletionTokens,
    };

    private static ImageLevels? FirstImage(Plan plan, ResultsFolder folder) =>
        plan.Images.Select(image => folder.In(image.Path)).FirstOrDefault(File.Exists) is { } path ? ImageFile.ReadLevels(path) : null;

    /// <summary>What is asked once.</summary>
    /// <param name="Key">By what its reply is found again.</param>
    /// <param name="Answers">The answers that follow from it, still open.</param>
    private sealed record VisionQuestion(string Key, string Text, IReadOnlyList<Answer> Answers);
}
