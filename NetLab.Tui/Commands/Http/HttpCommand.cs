using System.CommandLine;
using NetLab.Core.Http;
using NetLab.Core.Peers;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab http URL</c>: a request over HTTP taken apart: the URL, the steps with their times, the bytes both ways.</summary>
internal static class HttpCommand
{
    public static Command Create(CommandContext context)
    {
        var url = new Argument<string>("url") { HelpName = "URL", Description = "Where to ask; http:// where no scheme is given." };
        var method = new Option<string?>("-X", "--request") { Description = "The method; GET, or POST with -d.", HelpName = "METHOD" };
        var headers = new Option<string[]>("-H", "--header") { Description = "A header field, 'Name: value'; 'Name:' takes one of NetLab's own away. May be given again.", HelpName = "FIELD", DefaultValueFactory = _ => [] };
        var data = new Option<string?>("-d", "--data") { Description = "The body; @FILE takes a file's content.", HelpName = "DATA" };
        var output = new Option<string?>("-o", "--output") { Description = "Writes the response's body, decoded, to a file.", HelpName = "FILE" };
        var follow = new Option<bool>("--follow") { Description = $"Follows redirects, {HttpRequestSpecification.UsualRedirects} at the most." };
        var check = new Option<bool>("--check-status") { Description = "Ends with exit code 3, 4 or 5 where the last status is 3xx, 4xx or 5xx." };
        var insecure = new Option<bool>("-k", "--insecure") { Description = "Takes any certificate." };
        var wait = new Option<int>("--timeout") { Description = "How many seconds the server may be silent.", DefaultValueFactory = _ => 30, HelpName = "SECONDS" };
        NumberOption.InRange(wait, 1, 86_400);
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("http", "Asks over HTTP and takes everything apart: the URL, the steps with their times, the bytes both ways.")
        {
            url, method, headers, data, output, follow, check, insecure, wait, json,
        };
        command.SetAction(parsed =>
        {
            string text = parsed.GetRequiredValue(url);
            string mistake = UrlMistake(text);
            var fields = new List<KeyValuePair<string, string>>();
            foreach (string field in parsed.GetValue(headers) ?? [])
                mistake = mistake.Length > 0 ? mistake : HttpFieldOption.Read(field, fields);
            string? verb = parsed.GetValue(method);
            if (mistake.Length == 0 && verb is not null && !HttpFieldOption.IsToken(verb))
                mistake = $"'{verb}' is no method: letters, digits and a few signs, no blanks.";
            Func<Stream>? body = null;
            if (mistake.Length == 0 && parsed.GetValue(data) is { } content)
                body = HttpFieldOption.OpenBody(content, out mistake);
            if (mistake.Length > 0)
            {
                context.Error.WriteLine($"netlab http: {EventText.Printable(mistake)} See 'netlab http --help'.");
                return ExitCode.Usage;
            }

            var specification = new HttpRequestSpecification(text)
            {
                Method = verb ?? (body is null ? "GET" : "POST"),
                Headers = fields,
                Body = body,
                Redirects = parsed.GetValue(follow) ? HttpRequestSpecification.UsualRedirects : 0,
                Certificates = parsed.GetValue(insecure) ? HttpCertificates.Any : HttpCertificates.Trusted,
                Patience = TimeSpan.FromSeconds(parsed.GetValue(wait)),
                Sink = parsed.GetValue(output) is { } file ? () => File.Create(file) : null,
            };
            HttpRunPrinter printer = parsed.GetValue(json) ? new HttpJsonPrinter(context.Output) : new HttpTextPrinter(context.Output, Paint.For(context));
            int code = Run(context, specification, printer, parsed.GetValue(output));
            return code == ExitCode.Done && parsed.GetValue(check) ? HttpFieldOption.CodeOf(printer.Status) : code;
        });
        return command;
    }

    private static string UrlMistake(string text) => UrlAnatomy.TryRead(text, out string mistake) is { Scheme: not ("http" or "https") and var scheme }
        ? $"HTTP goes to http:// and https://, not to {scheme}://." : mistake;

    private static int Run(CommandContext context, HttpRequestSpecification specification, HttpRunPrinter printer, string? file)
    {
        // Told before anything is sent: what was done at the server cannot be taken back.
        if (file is not null && (file.Length == 0 || Directory.Exists(file) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file)))))
        {
            context.Error.WriteLine($"netlab http: '{EventText.Printable(file)}' cannot be written: {(Directory.Exists(file) ? "it is a folder." : "its folder is not there.")}");
            return ExitCode.Usage;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Interrupt);
        var relay = new HttpRunRelay(printer, context.Output, stop);
        var run = new HttpRun(specification, context.Clock, relay);
        try
        {
            run.RunAsync(stop.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            relay.Rethrow();
            return ExitCode.Interrupted;
        }
        catch (Exception refused) when (file is not null && refused is IOException or UnauthorizedAccessException)
        {
            relay.Rethrow();
            context.Error.WriteLine($"netlab http: '{EventText.Printable(file ?? "")}' cannot be written: {EventText.Printable(refused.Message)}");
            return refused is UnauthorizedAccessException ? ExitCode.NotPermitted : ExitCode.Usage;
        }

        relay.Rethrow();
        context.Output.Flush();
        if (run.Hops is [.., { Failure: { } failure }])
            return Refuse(context, failure);
        return run.Obstacle is { } obstacle ? Refuse(context, obstacle) : ExitCode.Done;
    }

    private static int Refuse(CommandContext context, string sentence)
    {
        context.Error.WriteLine($"netlab http: {EventText.Printable(sentence)}");
        return ExitCode.Network;
    }
}

/// <summary>Hands a run's news on to a printer; where nobody reads them any more, the run is stopped and the caller is told.</summary>
internal sealed class HttpRunRelay(HttpRunPrinter printer, TextWriter output, CancellationTokenSource stop) : IHttpRunReader
{
    private IOException? _refused;

    public void Began(HttpHop hop) => Hand(() => printer.Began(hop));

    public void Stepped(HttpHop hop, HttpStep step) => Hand(() => printer.Stepped(hop, step));

    public void Ended(HttpHop hop) => Hand(() => printer.Ended(hop));

    /// <summary>Throws what the output threw.</summary>
    public void Rethrow()
    {
        if (_refused is not null)
            throw _refused;
    }

    private void Hand(Action print)
    {
        if (_refused is not null)
            return;
        try
        {
            print();
            output.Flush();
        }
        catch (IOException refused)
        {
            // HttpClient would take it for the network's; it is thrown again when the run has ended.
            _refused = refused;
            stop.Cancel();
        }
    }
}

/// <summary>How <c>netlab http</c> prints what happens.</summary>
internal abstract class HttpRunPrinter : IHttpRunReader
{
    /// <summary>The last status; 0 where there was none.</summary>
    public int Status { get; private set; }

    /// <summary>How many hops began.</summary>
    protected int Hops { get; private set; }

    public virtual void Began(HttpHop hop) => Hops++;

    public abstract void Stepped(HttpHop hop, HttpStep step);

    public virtual void Ended(HttpHop hop) => Status = hop.Status;
}
