using System.Text;
using System.Text.Json;
using Experiments.Answers.Vision;

namespace Experiments.Tests.Answers.Vision;

public sealed class ReplyReaderTests
{
    private const string Model = "small-vlm";

    public static TheoryData<string> Names => [.. ReferenceResponses.Names];

    [Fact]
    public void There_are_responses_of_all_servers() => Assert.Equal(38, Names.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_servers_response_is_what_the_reference_says(string name)
    {
        JsonElement expected = ReferenceResponses.Expected(name);

        (ChatReply? reply, ServerProblem? problem) = new ReplyReader(Model).Read(ReferenceResponses.Response(name));

        Assert.Equal(expected.TextOf("error") is null, problem is null);
        Assert.Equal(problem is null, reply is not null);
        Assert.Equal(expected.TextOf("answer"), reply?.Text);
        AssertClose(expected, "yes_mass", reply?.YesMass);
        AssertClose(expected, "no_mass", reply?.NoMass);
        AssertClose(expected, "yes_share", reply?.YesShare);
        Assert.Equal(expected.NumberOf("position") ?? 0, reply?.Position ?? 0);
        if (problem is not null)
        {
            Assert.Equal(expected.GetProperty("retry").GetBoolean(), problem.Again != Again.Never);
            AssertClose(expected, "retry_after_s", problem.After?.TotalSeconds);
        }
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"content filter"}}""", true, false)]
    [InlineData(422, """{"detail":"no such image"}""", true, false)]
    [InlineData(200, """{"choices":[]}""", true, false)]
    [InlineData(200, """{"status":"ok"}""", false, true)]
    [InlineData(401, "{}", false, true)]
    [InlineData(403, "{}", true, false)]
    [InlineData(404, "{}", false, true)]
    [InlineData(500, "{}", false, false)]
    public void What_may_concern_one_request_alone_is_told_from_what_concerns_all(int status, string body, bool isRefusal, bool isOfAll)
    {
        ServerProblem problem = new ReplyReader(Model).Read(new ChatResponse(status, Encoding.UTF8.GetBytes(body), null, null)).Problem!;

        Assert.Equal((isRefusal, isOfAll), (problem.IsRefusal, problem.IsOfAll));
    }

    [Theory]
    [InlineData("gateway.200.error", "Unexpected endpoint or method.")]
    [InlineData("hosted.429.quota", "quota is used up")]
    [InlineData("hosted.429.seconds", "rate limit")]
    [InlineData("llama-server.400.context", "the request has 5120 tokens, the server's context 4096")]
    [InlineData("llama-server.400.field", "top_logprobs requires logprobs to be set to true")]
    [InlineData("llama-server.401", "key missing or wrong (401 Unauthorized: Invalid API Key)")]
    [InlineData("llama-server.404", "no such route at this address (a missing or doubled /v1?)")]
    [InlineData("llama-server.500.no_vision", "the model was started without its vision part (--mmproj)")]
    [InlineData("llama-server.500.text", "vector::_M_range_check")]
    [InlineData("llama-server.503", "the model is being loaded")]
    [InlineData("ollama.404", "the server has no model small-vlm")]
    [InlineData("ollama.404", "ollama pull")]
    [InlineData("ollama.503", "the server is busy")]
    [InlineData("proxy.200.html", "an HTML page, not an answer: the address is a web page's")]
    [InlineData("proxy.502", "502 Bad Gateway: not the model server's answer, one in between")]
    [InlineData("vllm.400.images", "At most 1 image(s) may be provided in one prompt.")]
    [InlineData("vllm.401", "key missing or wrong (401 Unauthorized: Unauthorized)")]
    [InlineData("vllm.404", "the server has no model small-vlm: GET /v1/models says which")]
    [InlineData("vllm.404.old_form", "the server has no model small-vlm")]
    [InlineData("vllm.404.route", "no such route at this address (a missing or doubled /v1?)")]
    [InlineData("vllm.500", "EngineCore encountered an issue.")]
    public void What_went_wrong_is_said_in_a_line_with_the_servers_words(string name, string said) =>
        Assert.Contains(said, new ReplyReader(Model).Read(ReferenceResponses.Response(name)).Problem!.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("llama-server.thinking")]
    [InlineData("vllm.thinking")]
    [InlineData("ollama.thinking")]
    public void Thinking_that_used_up_the_tokens_is_said(string name) => Assert.Equal(
        "no answer: the token limit was spent on thinking (finish_reason length, content empty)",
        new ReplyReader(Model).Read(ReferenceResponses.Response(name)).Reply!.Note);

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"<think>Yes or no?</think>\nNo"}}]}""", "No")]
    [InlineData("""{"choices":[{"message":{"content":"<think>The picture"},"finish_reason":"length"}]}""", null)]
    [InlineData("""{"choices":[{"message":{"content":[{"type":"text","text":"Yes"}]}}]}""", "Yes")]
    [InlineData("""{"choices":[{"message":{"content":null,"refusal":"I can't say."},"finish_reason":"a new one"}]}""", "I can't say.")]
    [InlineData("""{"error":null,"choices":[{"message":{"content":" Yes "},"logprobs":{"content":null}}],"usage":null}""", "Yes")]
    public void Content_of_other_forms_is_read(string body, string? text) =>
        Assert.Equal(text, new ReplyReader(Model).Read(Response(200, body)).Reply!.Text);

    [Fact]
    public void After_thinking_the_first_token_of_the_answer_is_read()
    {
        string body = """
            {"choices":[{"message":{"content":"No","reasoning":"Yes?"},"logprobs":{"content":[
              {"token":"Yes","logprob":0,"top_logprobs":[{"token":"Yes","logprob":0}]},
              {"token":"?","logprob":0,"top_logprobs":[]},
              {"token":"</think>","logprob":0,"top_logprobs":[]},
              {"token":"\n\n","logprob":0,"top_logprobs":[]},
              {"token":"▁No","logprob":-0.5,"top_logprobs":[{"token":"▁No","logprob":-0.5},{"token":"ĠYES","logprob":-2}]}]}}]}
            """;

        ChatReply reply = new ReplyReader(Model).Read(Response(200, body)).Reply!;

        Assert.Equal((4, Math.Exp(-0.5), Math.Exp(-2)), (reply.Position, reply.NoMass, reply.YesMass));
    }

    [Fact]
    public void A_token_with_half_a_character_or_without_its_text_is_read_by_its_bytes()
    {
        string body = """
            {"choices":[{"message":{"content":"Yes"},"logprobs":{"content":[
              {"token":"\ud83d","bytes":[32],"logprob":0,"top_logprobs":[]},
              {"bytes":[89,101,115],"logprob":-0.1,"top_logprobs":[{"bytes":[89,101,115],"logprob":-0.1},{"token":7}]}]}}]}
            """;

        ChatReply reply = new ReplyReader(Model).Read(Response(200, body)).Reply!;

        Assert.Equal((1, Math.Exp(-0.1), 0), (reply.Position, reply.YesMass, reply.NoMass));
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"Unsupported parameter: 'max_tokens'; use 'max_completion_tokens'."}}""", true)]
    [InlineData(400, """{"error":{"message":"max_completion_tokens is unknown"}}""", false)]
    public void A_refusal_of_the_token_limits_name_is_known(int status, string body, bool refuses) =>
        Assert.Equal(refuses, new ReplyReader(Model).Read(Response(status, body)).Problem!.RefusesMaxTokens);

    [Theory]
    [InlineData(200, """{"choices":[{"message":{"content":"ye""", nameof(Again.AFewTimes))]
    [InlineData(200, "", nameof(Again.AFewTimes))]
    [InlineData(200, "Ollama is running", nameof(Again.Never))]
    [InlineData(200, "[1,2]", nameof(Again.Never))]
    [InlineData(200, """{"choices":[]}""", nameof(Again.Never))]
    [InlineData(200, """{"object":"error","message":"no"}""", nameof(Again.Never))]
    [InlineData(301, "", nameof(Again.Never))]
    [InlineData(422, """{"detail":[{"loc":["body"],"msg":"field required"}]}""", nameof(Again.Never))]
    [InlineData(499, "", nameof(Again.Never))]
    [InlineData(501, "", nameof(Again.Never))]
    [InlineData(408, "", nameof(Again.WhenTold))]
    [InlineData(200, """{"error":{"code":429,"message":"slow down"}}""", nameof(Again.WhenTold))]
    [InlineData(200, """{"error":{"code":1,"message":"no"}}""", nameof(Again.Never))]
    [InlineData(504, "<HTML><title>504 Gateway Time-out</title></HTML>", nameof(Again.AFewTimes))]
    [InlineData(524, "", nameof(Again.AFewTimes))]
    public void What_helps_nothing_is_not_sent_again(int status, string body, string again) =>
        Assert.Equal(again, new ReplyReader(Model).Read(Response(status, body)).Problem!.Again.ToString());

    [Theory]
    [InlineData(
        """{"choices":[{"finish_reason":"error","error":{"code":502,"message":"it died"},"message":{"content":""}}]}""",
        "502 Bad Gateway: it died")]
    [InlineData("""{"choices":[{"finish_reason":"stop","error":"it died","message":{}}]}""", "the answer was broken off: it died")]
    [InlineData("""{"choices":[{"finish_reason":"error","message":{"content":"1"}}]}""", "the answer was broken off: error")]
    [InlineData("""{"choices":[{"finish_reason":"network_error","message":{}}]}""", "the answer was broken off: network_error")]
    [InlineData("""{"error":{"code":502,"message":"it died"}}""", "502 Bad Gateway: it died")]
    public void A_failure_that_comes_with_a_200_is_no_answer_and_the_request_is_sent_again(string body, string said)
    {
        (ChatReply? reply, ServerProblem? problem) = new ReplyReader(Model).Read(Response(200, body));

        Assert.Null(reply);
        Assert.Equal((said, Again.AFewTimes, false), (problem!.Message, problem.Again, problem.IsOfAll));
    }

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData(" 12 ", 12.0)]
    [InlineData("Friday, 27-Nov-26 10:00:05 GMT", 5.0)]
    [InlineData("Fri Nov 27 10:00:05 2026", 5.0)]
    [InlineData("Fri, 27 Nov 2026 09:00:00 GMT", 0.0)]
    [InlineData("soon", null)]
    [InlineData("-3", null)]
    public void Retry_After_is_seconds_or_a_date_against_the_servers_clock(string header, double? seconds) => Assert.Equal(
        seconds,
        ReplyReader.Delay(new ChatResponse(429, default, header, "Fri, 27 Nov 2026 10:00:00 GMT"))?.TotalSeconds);

    private static ChatResponse Response(int status, string body) => new(status, Encoding.UTF8.GetBytes(body));

    private static void AssertClose(JsonElement expected, string name, double? actual)
    {
        double? wanted = expected.TryGet(name, out JsonElement value) ? value.GetDouble() : null;
        Assert.Equal(wanted is null, actual is null);
        if (wanted is not null)
        {
            Assert.Equal(wanted.Value, actual!.Value, 1e-12);
        }
    }
}
