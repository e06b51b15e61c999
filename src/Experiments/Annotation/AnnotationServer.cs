using System.Net;
using System.Text.Json;
using DiffusionLens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Experiments.Annotation;

/// <summary>
/// The page that asks people, on this machine alone (127.0.0.1). Nothing of the environment or of a settings file says otherwise.
/// </summary>
internal sealed class AnnotationServer : IAsyncDisposable
{
    private const long LongestBody = 4096;
    private const string Json = "application/json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    private readonly WebApplication _application;
    private readonly AnnotationWork _work;
    private readonly ReferenceImages _references;
    private readonly IReadOnlyDictionary<string, string> _images;
    private readonly Action<string> _tellFault;

    private AccessGate _gate = new(port: 0);

    private AnnotationServer(
        WebApplication application,
        AnnotationWork work,
        ReferenceImages references,
        IReadOnlyDictionary<string, string> images,
        Action<string> tellFault)
    {
        (_application, _work, _references, _images, _tellFault) = (application, work, references, images, tellFault);
        _application.Run(Serve);
    }

    /// <summary>Told a new link when one was used.</summary>
    public Action<string>? OnEntered { get; set; }

    /// <summary>Starts to serve.</summary>
    /// <param name="port">Where; 0: a port that is free.</param>
    /// <param name="images">The images of the run, by the hashes of their pixels: their files. No others can be read.</param>
    /// <param name="tellFault">Told what went wrong in this program.</param>
    /// <returns>The server and the first link to it.</returns>
    /// <exception cref="BadInputException">The port is not free.</exception>
    public static async Task<(AnnotationServer Server, string Link)> StartAsync(
        int port,
        AnnotationWork work,
        ReferenceImages references,
        IReadOnlyDictionary<string, string> images,
        Action<string> tellFault)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, port);
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = LongestBody;
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        AnnotationServer server = new(builder.Build(), work, references, images, tellFault);
        try
        {
            await server._application.StartAsync();
        }
        catch (IOException problem)
        {
            await server.DisposeAsync();
            throw new BadInputException($"--port {port}: is not free; give another one, or leave --port out", problem);
        }

        server._gate = new AccessGate(new Uri(server._application.Urls.Single()).Port);
        return (server, server._gate.NewLink());
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private async Task Serve(HttpContext context)
    {
        try
        {
            SetHeaders(context.Response);
            if (AccessGate.Refusal(context.Request) is string refusal)
            {
                await Text(context, StatusCodes.Status403Forbidden, refusal);
            }
            else if (context.Request is { Method: "GET", Path.Value: "/" } && _gate.Enter(context, _work.Join))
            {
                OnEntered?.Invoke(_gate.NewLink());

                // Not a redirection: where another page's link led here, the new cookie would not go with it.
                await PageFiles.Send(context, "enter.html");
            }
            else if (_gate.Of(context.Request) is Participant person)
            {
                await Serve(context, person);
            }
            else
            {
                await Text(
                    context,
                    StatusCodes.Status401Unauthorized,
                    "Open the link that the program printed. Each holds once, for one browser; when it was used there is a new one.");
            }
        }
        catch (BadHttpRequestException problem)
        {
            await Text(context, problem.StatusCode, "This cannot be read.");
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            _tellFault(fault.ToString());
            await Text(context, StatusCodes.Status500InternalServerError, "This is a fault of the program; its terminal says more.");
        }
    }

    private Task Serve(HttpContext context, Participant person) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET", "/") => PageFiles.Send(context, "annotate.html"),
        ("GET", "/annotate.css" or "/annotate.js" or "/icon.svg") => PageFiles.Send(context, context.Request.Path.Value![1..]),
        ("GET", "/work") => Send(context, _work.Show(person)),
        ("GET", string path) when path.StartsWith(ImageAddress.Folder, StringComparison.Ordinal) =>
            _images.TryGetValue(path[ImageAddress.Folder.Length..], out string? file)
                ? Image(context, file, "image/png", isKept: true)
                : NotFound(context),
        ("GET", string path) when _references.At(path) is { } reference =>
            Image(context, reference.File, reference.Type, isKept: false),
        ("POST", "/name") => Do<NameSaid>(context, said => _work.Call(person, said.Name)),
        ("POST", "/answer") => Do<AnswerSaid>(context, said => _work.Answer(person, said.Id, said.Yes)),
        ("POST", "/undo") => Do<NothingSaid>(context, _ => _work.Undo(person)),
        ("POST", "/invite") => Do<NothingSaid>(context, _ => new { Link = _gate.NewLink() }),
        _ => NotFound(context),
    };

    // A body of JSON is one that no form of another page can send.
    private static async Task Do<T>(HttpContext context, Func<T, object> work)
    {
        if (!(context.Request.ContentType ?? "").StartsWith(Json, StringComparison.OrdinalIgnoreCase))
        {
            await Text(context, StatusCodes.Status415UnsupportedMediaType, "Only JSON is taken.");
            return;
        }

        try
        {
            T? said = await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Options, context.RequestAborted);
            if (said is null)
            {
                throw new JsonException();
            }

            await Send(context, work(said));
        }
        catch (JsonException)
        {
            await Text(context, StatusCodes.Status400BadRequest, "This is not what is asked here.");
        }
        catch (BadInputException problem)
        {
            await Text(context, StatusCodes.Status409Conflict, problem.Message);
        }
    }

    private static Task Send(HttpContext context, object value) =>
        context.Response.WriteAsJsonAsync(value, value.GetType(), Options, context.RequestAborted);

    // The address of an image has its hash in it; that of a reference is a number, under which another file may be after a restart.
    private static async Task Image(HttpContext context, string file, string type, bool isKept)
    {
        if (!File.Exists(file))
        {
            await NotFound(context);
            return;
        }

        context.Response.ContentType = type;
        if (isKept)
        {
            context.Response.Headers.CacheControl = "private, max-age=3600";
        }

        await context.Response.SendFileAsync(file, context.RequestAborted);
    }

    private static Task NotFound(HttpContext context) => Text(context, StatusCodes.Status404NotFound, "There is nothing here.");

    private static async Task Text(HttpContext context, int status, string text)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static void SetHeaders(HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    // Ctrl-C and SIGTERM are the program's, not the server's.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed record NameSaid
    {
        public required string Name { get; init; }
    }

    private sealed record AnswerSaid
    {
        public required int Id { get; init; }

        public required bool Yes { get; init; }
    }

    private sealed record NothingSaid;
}
