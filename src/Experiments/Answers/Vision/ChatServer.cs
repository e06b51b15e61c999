using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Sockets;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Experiments.Answers.Vision;

/// <summary>
/// A server with the OpenAI API. The client's protocol methods send our own bodies and give back the server's, because its types hide what
/// servers differ in: they send <c>max_completion_tokens</c>, which Ollama does not know, and have no room for errors in a 200, for
/// <c>reasoning_content</c>, or for what is wrong with half a body.
/// </summary>
internal sealed class ChatServer : IDisposable
{
    private const string MaxTokens = "max_tokens", MaxCompletionTokens = "max_completion_tokens";

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1), LongestAfter = TimeSpan.FromMinutes(15);

    private static readonly ResiliencePropertyKey<TimeSpan> Waited = new("waited");

    private readonly VisionSettings _settings;
    private readonly Action<string> _tell;
    private readonly ReplyReader _reader;
    private readonly HttpClient _http;
    private readonly HttpClientPipelineTransport _transport;
    private readonly ChatClient _chat;
    private readonly OpenAIModelClient _models;
    private readonly ResiliencePipeline<Exchange> _pipeline, _timeLimit;
    private string _limitField = MaxTokens;
    private long _pausedUntil;
    private bool _hasAnswered, _hasWaited;

    /// <summary>A client of a server; nothing is sent yet.</summary>
    /// <param name="tell">Told what the user should know while it waits.</param>
    public ChatServer(VisionSettings settings, Action<string> tell)
    {
        (_settings, _tell, _reader) = (settings, tell, new ReplyReader(settings.Model));

        // An answer of another address is none of this one; what runs on this machine is behind no proxy.
        SocketsHttpHandler sockets = new() { AllowAutoRedirect = false, UseProxy = !settings.Url.IsLoopback };
        _http = new HttpClient(new BoundedHandler(sockets)) { Timeout = Timeout.InfiniteTimeSpan };
        _transport = new HttpClientPipelineTransport(_http);
        OpenAIClientOptions options = new()
        {
            Endpoint = settings.Url,
            Transport = _transport,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
#pragma warning disable OPENAI001 // Marked as experimental: an authentication of one's own.
        OpenAIClient client = new(new BearerPolicy(settings), options);
#pragma warning restore OPENAI001
        _chat = client.GetChatClient(settings.Model);
        _models = client.GetOpenAIModelClient();
        _pipeline = new ResiliencePipelineBuilder<Exchange>()
            .AddRetry(Retry(IsWorthWaiting))
            .AddRetry(Retry(IsWorthRepeating))
            .Build();
        _timeLimit = new ResiliencePipelineBuilder<Exchange>()
            .AddTimeout(new TimeoutStrategyOptions { Timeout = settings.TimeLimit })
            .Build();
    }

    /// <summary>
    /// Finds out whether the server is there, knows the key and has the model. One that has no list of models is believed.
    /// </summary>
    /// <exception cref="ServerProblemException">It cannot answer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        Exchange exchange = await Send(
            options => _models.GetModelsAsync(options),
            response => response.Status is 404 or 405 or 501 ? (null, null) : ListProblem(response),
            cancellation).ConfigureAwait(false);
        if (exchange.Problem is { } problem)
        {
            throw new ServerProblemException(problem);
        }
    }

    /// <summary>Asks a question, as often as it takes.</summary>
    /// <param name="text">The question.</param>
    /// <param name="dataUri">The image.</param>
    /// <exception cref="ServerProblemException">It is not answered.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<ChatReply> AskAsync(string text, string dataUri, CancellationToken cancellation)
    {
        while (true)
        {
            string limitField = _limitField;
            byte[] body = ChatBody.Make(_settings.Model, _settings.Prompt, text, dataUri, limitField);
            Exchange exchange = await Send(
                options => _chat.CompleteChatAsync(BinaryContent.Create(BinaryData.FromBytes(body)), options),
                _reader.Read,
                cancellation).ConfigureAwait(false);
            if (exchange.Reply is { } reply)
            {
                return reply with { Text = reply.Text is { } said ? _settings.WithoutKey(said) : null };
            }

            if (!exchange.Problem!.RefusesMaxTokens || limitField != MaxTokens)
            {
                throw new ServerProblemException(exchange.Problem);
            }

            _limitField = MaxCompletionTokens;
        }
    }

    public void Dispose()
    {
        _transport.Dispose();
        _http.Dispose();
    }

    private async Task<Exchange> Send(
        Func<RequestOptions, Task<ClientResult>> send,
        Func<ChatResponse, (ChatReply? Reply, ServerProblem? Problem)> read,
        CancellationToken cancellation)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellation);
        try
        {
            return await _pipeline.ExecuteAsync(
                async context =>
                {
                    // Before the time limit begins: what the server asked to wait is no time that it takes.
                    await Pause(context.CancellationToken).ConfigureAwait(false);
                    return await _timeLimit.ExecuteAsync(
                        async token => await Attempt(send, read, token).ConfigureAwait(false),
                        context.CancellationToken).ConfigureAwait(false);
                },
                context).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            return new Exchange(null, HungProblem());
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<Exchange> Attempt(
        Func<RequestOptions, Task<ClientResult>> send,
        Func<ChatResponse, (ChatReply? Reply, ServerProblem? Problem)> read,
        CancellationToken cancellation)
    {
        try
        {
            ClientResult result = await send(
                new RequestOptions { ErrorOptions = ClientErrorBehaviors.NoThrow, CancellationToken = cancellation }).ConfigureAwait(false);
            PipelineResponse raw = result.GetRawResponse();
            (ChatReply? reply, ServerProblem? problem) = read(
                new ChatResponse(raw.Status, raw.Content.ToMemory(), HeaderOf(raw, "Retry-After"), HeaderOf(raw, "Date")));
            _hasAnswered |= problem is null;
            return new Exchange(reply, problem is null ? null : problem with { Message = _settings.WithoutKey(problem.Message) });
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (ObjectDisposedException closed) when (cancellation.IsCancellationRequested)
        {
            // The client, cut off while it reads an answer, closes the stream and then reads on.
            throw new OperationCanceledException(closed.Message, closed, cancellation);
        }
        catch (Exception problem)
            when (problem is ClientResultException or HttpRequestException or IOException or OperationCanceledException)
        {
            return new Exchange(null, ConnectionProblem(problem));
        }
    }

    // A limit of requests in a minute is one for all that are in flight.
    private Task Pause(CancellationToken cancellation) =>
        Interlocked.Read(ref _pausedUntil) - Environment.TickCount64 is > 0 and var milliseconds
            ? Task.Delay(TimeSpan.FromMilliseconds(milliseconds), cancellation)
            : Task.CompletedTask;

    private RetryStrategyOptions<Exchange> Retry(Func<RetryPredicateArguments<Exchange>, bool> isWorthIt) => new()
    {
        MaxRetryAttempts = int.MaxValue,
        ShouldHandle = arguments => ValueTask.FromResult(isWorthIt(arguments)),
        DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(DelayOf(arguments)),
    };

    // The inner of two: what is over after some tries.
    private static bool IsWorthRepeating(RetryPredicateArguments<Exchange> arguments) =>
        arguments.Outcome.Exception is TimeoutRejectedException ? arguments.AttemptNumber < 1
        : arguments.Outcome.Result?.Problem is { } problem
            && !(problem.After > LongestAfter)
            && arguments.AttemptNumber < problem.Again switch
            {
                Again.AFewTimes => 3,
                Again.WhenTold => 8,
                _ => 0,
            };

    // The outer: what takes as long as it takes.
    private bool IsWorthWaiting(RetryPredicateArguments<Exchange> arguments)
    {
        ServerProblem? problem = arguments.Outcome.Result?.Problem;
        bool isWorthIt = problem?.Again is Again.WhenReady or Again.WhenStarted
            && !(problem.After > LongestAfter)
            && arguments.Context.Properties.GetValue(Waited, TimeSpan.Zero) < PatienceFor(problem.Again);
        if (isWorthIt && !_hasWaited)
        {
            _hasWaited = true;
            _tell($"vlm: {problem!.Message}; waiting up to {PatienceFor(problem.Again).TotalSeconds:0} s for {_settings.Url}");
        }

        return isWorthIt;
    }

    // A server that was there may be starting again; for one that was not, the user has to ask for patience.
    private TimeSpan PatienceFor(Again again) =>
        again == Again.WhenReady || _settings.IsStarting ? _settings.Patience
        : _hasAnswered ? 8 * _settings.FirstDelay
        : TimeSpan.Zero;

    private TimeSpan DelayOf(RetryDelayGeneratorArguments<Exchange> arguments)
    {
        ServerProblem? problem = arguments.Outcome.Result?.Problem;
        TimeSpan doubled = TimeSpan.FromTicks(Math.Min(
            LongestBackoff.Ticks, _settings.FirstDelay.Ticks << Math.Min(arguments.AttemptNumber, 16)));
        TimeSpan backoff = doubled * (1 + (Random.Shared.NextDouble() / 4));

        // A server that says 0, and is not ready, would be asked without end.
        TimeSpan delay = problem?.After is not { } after ? (backoff < LongestBackoff ? backoff : LongestBackoff)
            : after > _settings.FirstDelay ? after
            : _settings.FirstDelay;
        if (problem?.Again is Again.WhenReady or Again.WhenStarted)
        {
            TimeSpan waited = arguments.Context.Properties.GetValue(Waited, TimeSpan.Zero), left = PatienceFor(problem.Again) - waited;
            delay = delay < left ? delay : left;
            arguments.Context.Properties.Set(Waited, waited + delay);
        }

        if (problem?.After is not null)
        {
            Interlocked.Exchange(ref _pausedUntil, Environment.TickCount64 + (long)delay.TotalMilliseconds);
        }

        return delay;
    }

    private (ChatReply?, ServerProblem?) ListProblem(ChatResponse response)
    {
        // A list is JSON that ends; a web page or an error is no list.
        if (response.Status is < 200 or > 299 || response.Json is not { } body || ReplyReader.ErrorOf(body) is not null)
        {
            return (null, _reader.Read(response).Problem);
        }

        bool isList = body.TryGet("data", out JsonElement data) && data.ValueKind == JsonValueKind.Array;
        JsonElement[] models = isList ? [.. data.EnumerateArray()] : [];
        string[] names = [.. models.Select(model => model.TextOf("id")).OfType<string>()];
        if (names.Length == 0 || names.Any(IsTheModel))
        {
            return (null, null);
        }

        // llama-server has one model and answers by it whatever the name is.
        if (models is [var only] && only.TextOf("owned_by") == "llamacpp")
        {
            string itself = _settings.WithoutKey(ChatResponse.OneLine(names[0]));
            _tell($"vlm: the server's one model calls itself {itself}; its answers are kept as {_settings.Model}'s");
            return (null, null);
        }

        string all = ChatResponse.OneLine(string.Join(", ", names));
        return (null, new ServerProblem($"the server has no model {_settings.Model}; it has {all}", Again.Never) { IsOfAll = true });
    }

    // Ollama's NAME is NAME:latest; some gateways put a folder before it.
    private bool IsTheModel(string name) =>
        name == _settings.Model || name == $"{_settings.Model}:latest" || name.EndsWith($"/{_settings.Model}", StringComparison.Ordinal);

    private ServerProblem ConnectionProblem(Exception problem)
    {
        for (Exception? cause = problem; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return new ServerProblem(
                        "nothing listens there (connection refused); start the server, or wait for one that is starting: --vlm-wait 600",
                        Again.WhenStarted)
                    { IsOfAll = true };
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                    return new ServerProblem("there is no host of that name", Again.Never) { IsOfAll = true };
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }:
                    return new ServerProblem("no secure connection: is it http and not https?", Again.Never) { IsOfAll = true };
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    return new ServerProblem("an answer without an end", Again.Never);
            }
        }

        Exception innermost = problem.GetBaseException();
        return new ServerProblem(
            $"the connection ended before the answer was there ({_settings.WithoutKey(ChatResponse.OneLine(innermost.Message))})",
            Again.AFewTimes);
    }

    private ServerProblem HungProblem() => new(
        $"no answer within {_settings.TimeLimit.TotalSeconds:0.###} s (--vlm-timeout), twice", Again.Never);

    private static string? HeaderOf(PipelineResponse response, string name) =>
        response.Headers.TryGetValue(name, out string? value) ? value : null;

    /// <summary>What came of one request; neither where there was nothing to read.</summary>
    private sealed record Exchange(ChatReply? Reply, ServerProblem? Problem);
}
