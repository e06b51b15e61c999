using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Experiments.Annotation;
using Experiments.Answers;
using Experiments.Results;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Annotation;

/// <summary>Who gets what from the page's server, asked over plain HTTP.</summary>
public sealed class AnnotationServerTests : IAsyncLifetime
{
    private const string Hash = "px-0123456789abcdef";

    private static readonly HttpClient Http =
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false });

    private readonly ResultsFolder _folder = new(Directory.CreateTempSubdirectory("server-").FullName);
    private readonly List<string> _links = [];
    private AnswerJournal? _journal;
    private AnnotationServer? _server;

    private string Link => _links[0];

    private Uri Page => new(new Uri(Link).GetLeftPart(UriPartial.Authority));

    public async Task InitializeAsync()
    {
        string image = _folder.In("image.png");
        await File.WriteAllBytesAsync(image, [1, 2, 3]);
        await File.WriteAllTextAsync(_folder.In("secret.txt"), "secret");
        Answer[] asked = [.. SmallPlan.Asked(SmallPlan.Plan).Select(answer => answer with { ImageHash = Hash })];
        _journal = AnswerJournal.Open(_folder);
        AnnotationWork work = new(asked, [], QuestionSet.Make(asked, seed: 0, overlap: 0), _journal, ReferenceImages.None.For);
        (_server, string link) = await AnnotationServer.StartAsync(
            port: 0, work, ReferenceImages.None, new Dictionary<string, string> { [Hash] = image }, _links.Add);
        _links.Add(link);
        _server.OnEntered = _links.Add;
    }

    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        _journal!.Dispose();
        Directory.Delete(_folder.Path, recursive: true);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?token=0")]
    [InlineData("/work")]
    [InlineData("/annotate.js")]
    [InlineData("/image/" + Hash)]
    [InlineData("/nothing")]
    public async Task Without_a_link_nothing_is_answered(string path)
    {
        HttpResponseMessage response = await Http.GetAsync(new Uri(Page, path));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.DoesNotContain("question", await response.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_link_lets_one_browser_in_and_the_next_one_another()
    {
        string cookie = await EnterAsync(Link);
        HttpResponseMessage again = await Http.GetAsync(Link);
        string other = await EnterAsync(_links[1]);

        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        Assert.NotEqual(cookie, other);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/work", cookie)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/work", other)).StatusCode);
    }

    [Fact]
    public async Task The_session_is_kept_from_scripts_and_from_other_pages()
    {
        HttpResponseMessage response = await Http.GetAsync(Link);
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie")).ToLowerInvariant();

        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("expires", cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:80")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("0.0.0.0")]
    public async Task Under_another_name_of_this_machine_nothing_is_answered(string host)
    {
        string cookie = await EnterAsync(Link);

        HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/work", cookie, message => message.Headers.Host = host);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Pages_of_other_origins_are_refused(string header, string value)
    {
        string cookie = await EnterAsync(Link);

        HttpResponseMessage response =
            await SendAsync(HttpMethod.Post, "/undo", cookie, message => message.Headers.Add(header, value), "{}");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_form_of_another_page_is_refused_also_without_an_origin()
    {
        string cookie = await EnterAsync(Link);

        HttpResponseMessage response = await SendAsync(
            HttpMethod.Post, "/undo", cookie, message => message.Content = new StringContent("{}", Encoding.UTF8, "text/plain"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("/image/../secret.txt")]
    [InlineData("/image/..%2fsecret.txt")]
    [InlineData("/image/%2e%2e/secret.txt")]
    [InlineData("/image//etc/passwd")]
    [InlineData("/image/..\\secret.txt")]
    [InlineData("/secret.txt")]
    [InlineData("/image/px-0000000000000000")]
    [InlineData("/reference/0")]
    [InlineData("/reference/-1")]
    public async Task No_other_file_can_be_read(string path)
    {
        string cookie = await EnterAsync(Link);

        string response = await RawAsync($"GET {path} HTTP/1.1\r\nHost: {Page.Authority}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 (404|400) ", response);
        Assert.DoesNotContain("secret\r\n", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/name", """{"name": null}""")]
    [InlineData("/name", "{}")]
    [InlineData("/answer", """{"id": 0}""")]
    [InlineData("/answer", "null")]
    public async Task What_is_not_what_is_asked_is_no_fault_of_the_program(string path, string body)
    {
        string cookie = await EnterAsync(Link);

        HttpResponseMessage response = await SendAsync(HttpMethod.Post, path, cookie, _ => { }, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task An_image_of_the_run_can_be_read_and_says_neither_layer_nor_prompt()
    {
        string cookie = await EnterAsync(Link);
        await SendAsync(HttpMethod.Post, "/name", cookie, _ => { }, """{"name": "Ana"}""");

        HttpResponseMessage image = await SendAsync(HttpMethod.Get, "/image/" + Hash, cookie);
        string work = await (await SendAsync(HttpMethod.Get, "/work", cookie)).Content.ReadAsStringAsync();

        Assert.Equal([1, 2, 3], await image.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", image.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("layer", work, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("snail", work, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_browser_keeps_an_image_of_the_run_and_no_reference_whose_number_another_may_have_after_a_restart()
    {
        string references = Directory.CreateDirectory(_folder.In("references")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(references, "cow.png"), [4]);
        AnnotationWork work = new([], [], [], _journal!, ReferenceImages.None.For);
        (AnnotationServer server, string link) = await AnnotationServer.StartAsync(
            port: 0, work, ReferenceImages.Of(references), new Dictionary<string, string> { [Hash] = _folder.In("image.png") }, _links.Add);
        await using (server)
        {
            string cookie = await EnterAsync(link);

            HttpResponseMessage image = await SendAsync(HttpMethod.Get, new Uri(new Uri(link), "/image/" + Hash).AbsoluteUri, cookie);
            HttpResponseMessage reference = await SendAsync(HttpMethod.Get, new Uri(new Uri(link), "/reference/0").AbsoluteUri, cookie);

            Assert.Equal(TimeSpan.FromHours(1), image.Headers.CacheControl!.MaxAge);
            Assert.Equal([4], await reference.Content.ReadAsByteArrayAsync());
            Assert.Equal("no-store", reference.Headers.CacheControl!.ToString());
        }
    }

    [Fact]
    public async Task Nothing_but_the_pages_own_files_may_run_and_answers_are_not_kept_by_the_browser()
    {
        string cookie = await EnterAsync(Link);
        HttpResponseMessage page = await SendAsync(HttpMethod.Get, "/", cookie);
        string html = await page.Content.ReadAsStringAsync();
        string policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));

        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(" on[a-z]+=| style=|<script(?! src=)|https?://", html);
        Assert.Equal("no-store", page.Headers.CacheControl!.ToString());
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("/answer", "{\"id\": 0, \"yes\": true}", HttpStatusCode.Conflict)]
    [InlineData("/name", "{\"name\": \"\"}", HttpStatusCode.Conflict)]
    [InlineData("/name", "{\"name\": \"robot@0123abcd\"}", HttpStatusCode.Conflict)]
    [InlineData("/name", "{}", HttpStatusCode.BadRequest)]
    [InlineData("/answer", "{\"id\": \"x\", \"yes\": 3}", HttpStatusCode.BadRequest)]
    [InlineData("/answer", "null", HttpStatusCode.BadRequest)]
    [InlineData("/answer", "[", HttpStatusCode.BadRequest)]
    public async Task What_makes_no_sense_changes_nothing(string path, string body, HttpStatusCode expected)
    {
        string cookie = await EnterAsync(Link);

        HttpResponseMessage response = await SendAsync(HttpMethod.Post, path, cookie, _ => { }, body);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(0, new FileInfo(_folder.AnswerJournal).Length);
    }

    [Fact]
    public async Task A_body_without_end_is_not_read()
    {
        string cookie = await EnterAsync(Link);

        HttpResponseMessage response = await SendAsync(HttpMethod.Post, "/name", cookie, _ => { }, new string(' ', 100_000));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public void Nobody_but_this_machine_is_listened_to() =>
        Assert.All(
            IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(listener => listener.Port == Page.Port),
            listener => Assert.Equal(IPAddress.Loopback, listener.Address));

    private static async Task<string> EnterAsync(string link)
    {
        HttpResponseMessage response = await Http.GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string cookie, Action<HttpRequestMessage>? change = null, string? body = null)
    {
        using HttpRequestMessage message = new(method, new Uri(Page, path));
        message.Headers.Add("Cookie", cookie);
        message.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        change?.Invoke(message);
        return await Http.SendAsync(message);
    }

    // As no well-behaved client sends it.
    private async Task<string> RawAsync(string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Page.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using StreamReader reader = new(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
