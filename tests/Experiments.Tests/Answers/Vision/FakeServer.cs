using System.Collections.Concurrent;
using Experiments.Answers.Vision;
using Experiments.Specs;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Types;
using WireMock.Util;

namespace Experiments.Tests.Answers.Vision;

/// <summary>A server with the OpenAI API on this machine that answers as it is told, and remembers what it was asked.</summary>
internal sealed class FakeServer : IDisposable
{
    public const string Models = """{"object":"list","data":[{"id":"small-vlm","owned_by":"vllm"}]}""";

    private readonly WireMockServer _server = WireMockServer.Start();
    private int _inFlight, _most, _posts;

    /// <param name="answer">What comes of the request of that number, from 1.</param>
    /// <param name="models">The list of models.</param>
    public FakeServer(Func<int, Given> answer, string models = Models)
    {
        _server.Given(Request.Create().WithPath("/v1/models").UsingGet())
            .RespondWith(Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/json").WithBody(models));
        _server.Given(Request.Create().WithPath("/v1/chat/completions").UsingPost())
            .RespondWith(Response.Create().WithCallback(request => AnswerAsync(request, answer)));
    }

    /// <summary>A server whose connections break in the midst of an answer.</summary>
    public static FakeServer Breaking()
    {
        FakeServer server = new(_ => Given.Text("7"));
        server._server.Given(Request.Create().WithPath("/v1/chat/completions").UsingPost()).AtPriority(-1)
            .RespondWith(Response.Create().WithStatusCode(200).WithBody("{}").WithFault(FaultType.MALFORMED_RESPONSE_CHUNK, 1));
        return server;
    }

    public int Posts => _posts;

    /// <summary>The most that it worked on at the same time.</summary>
    public int Most => _most;

    public ConcurrentQueue<string> Bodies { get; } = [];

    public ConcurrentQueue<string?> Keys { get; } = [];

    public Uri Url => new($"http://127.0.0.1:{_server.Port}/v1");

    public void Dispose() => _server.Dispose();

    private async Task<IResponseMessage> AnswerAsync(IRequestMessage request, Func<int, Given> answer)
    {
        int number = Interlocked.Increment(ref _posts), inFlight = Interlocked.Increment(ref _inFlight);
        for (int most = _most; inFlight > most; most = _most)
        {
            Interlocked.CompareExchange(ref _most, inFlight, most);
        }

        Bodies.Enqueue(request.Body ?? "");
        Keys.Enqueue(request.Headers!.TryGetValue("Authorization", out WireMockList<string>? key) ? key[0] : null);
        Given given = answer(number);
        await Task.Delay(given.Delay);
        Interlocked.Decrement(ref _inFlight);
        ResponseMessage response = new()
        {
            StatusCode = given.Status,
            BodyData = new BodyData { DetectedBodyType = BodyType.String, BodyAsString = given.Body },
            Headers = new Dictionary<string, WireMockList<string>> { ["Content-Type"] = new("application/json") },
        };
        if (given.RetryAfter is { } after)
        {
            response.Headers["Retry-After"] = new WireMockList<string>(after);
        }

        return response;
    }

    /// <summary>What the server gives.</summary>
    internal sealed record Given(int Status, string Body)
    {
        public TimeSpan Delay { get; init; }

        public string? RetryAfter { get; init; }

        public static Given Text(string text) => new(200, $$"""{"choices":[{"message":{"content":"{{text}}"},"finish_reason":"stop"}]}""");

        public static Given Probabilities(double yes, double no) => new(200, FormattableString.Invariant($$$"""
            {"choices":[{"message":{"content":"Yes"},"logprobs":{"content":[{"token":"Yes","logprob":-1,"top_logprobs":[
              {"token":"Yes","logprob":{{{Math.Log(yes)}}} },{"token":" no","logprob":{{{Math.Log(no)}}} }]}]}}]}
            """));
    }
}
