using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using NetLab.Core.Dns;
using NetLab.Core.Resolver;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab dns</c>: asks a DNS server and prints the answer as dig prints it.</summary>
internal static class DnsCommand
{
    private const string ResolvConf = "/etc/resolv.conf", Hosts = "/etc/hosts";

    public static Command Create(CommandContext context)
    {
        var words = new Argument<string[]>("name") { HelpName = "NAME [TYPE…] [@SERVER]", Description = "The name, the record types (A where none is given), the server's address.", Arity = ArgumentArity.ZeroOrMore };
        var port = new Option<int>("-p", "--port") { Description = "The server's port (53; 853 with --tls, 443 with --https).", HelpName = "PORT" };
        NumberOption.InRange(port, 1, ushort.MaxValue);
        var tcp = new Option<bool>("--tcp") { Description = "Asks over TCP from the beginning." };
        var tls = new Option<bool>("--tls") { Description = "Asks over TLS." };
        var https = new Option<bool>("--https") { Description = "Asks over HTTPS, at /dns-query." };
        var tlsName = new Option<string?>("--tls-name") { Description = "The name that the server's certificate must have; its address otherwise.", HelpName = "NAME" };
        var insecure = new Option<bool>("--insecure") { Description = "Takes any certificate." };
        var search = new Option<bool>("--search") { Description = "As programs look names up: /etc/hosts first, short names in the domains of resolv.conf; A and AAAA where no type is given." };
        var reverse = new Option<string?>("-x") { Description = "Asks for the name of an address instead.", HelpName = "ADDRESS" };
        var edns = new Option<string>("--edns") { Description = DnsQuestionLine.EdnsHelp, DefaultValueFactory = _ => "", HelpName = "LIST" };
        var wait = new Option<int>("--timeout") { Description = "How many seconds an attempt waits (resolv.conf's, or 5), or with --trace the whole walk (5).", HelpName = "SECONDS" };
        NumberOption.InRange(wait, 0, 60);
        var trace = new Option<bool>("--trace") { Description = "Walks from the root down instead of asking a resolver, and tells each step." };
        var root = new Option<string?>("--root") { Description = "Where the walk begins: an address, or a file of hints (named.root).", HelpName = "ADDRESS|FILE" };
        var minimise = new Option<bool>("--minimise") { Description = "On the walk each server is told only one label more than its zone has (RFC 9156)." };
        var brief = new Option<bool>("--short") { Description = "The answers' data alone, one a line." };
        var anatomy = new Option<bool>("--anatomy") { Description = "The octets of query and answer beside their meaning." };
        var json = new Option<bool>("--json") { Description = "One JSON object an answer." };
        var command = new Command("dns", "Asks a DNS server and prints the answer as dig prints it.") { words, port, tcp, tls, https, tlsName, insecure, search, reverse, edns, wait, trace, root, minimise, brief, anatomy, json };
        command.Validators.Add(result =>
        {
            // What would be passed over in silence is refused instead.
            OneOf(result, tcp, tls, https);
            OneOf(result, brief, anatomy, json);
            bool walks = IsGiven(result, trace) || IsGiven(result, root);
            if (walks && ((Option[])[tcp, tls, https, search, edns]).FirstOrDefault(option => IsGiven(result, option)) is { } odd)
                result.AddError($"{odd.Name} says how a resolver is asked: it goes not with --trace.");
            if (walks && (result.GetValue(words) ?? []).FirstOrDefault(word => word.StartsWith('@')) is { } server)
                result.AddError($"A walk asks no {App.EventText.Printable(server)}: --root says where it begins.");
            if (!walks && IsGiven(result, minimise))
                result.AddError("--minimise goes with --trace.");
            if (!IsGiven(result, tls) && !IsGiven(result, https) && (IsGiven(result, tlsName) || IsGiven(result, insecure)))
                result.AddError("--tls-name and --insecure go with --tls or --https.");
        });
        command.SetAction(parsed =>
        {
            var form = parsed.GetValue(json) ? DnsForm.Json : parsed.GetValue(brief) ? DnsForm.Short : parsed.GetValue(anatomy) ? DnsForm.Anatomy : DnsForm.Dig;
            if (!DnsQuestionLine.TryRead(parsed.GetValue(words) ?? [], parsed.GetValue(reverse), parsed.GetValue(edns) ?? "", out var line, out string mistake))
            {
                context.Error.WriteLine($"netlab dns: {mistake} See 'netlab dns --help'.");
                return ExitCode.Usage;
            }

            if (parsed.GetValue(trace) || parsed.GetValue(root) is not null)
            {
                if (DnsTrace.Root(parsed.GetValue(root), out mistake) is not { } hints)
                {
                    context.Error.WriteLine($"netlab dns: {mistake}");
                    return ExitCode.Usage;
                }

                var settings = new WalkSettings
                {
                    Root = hints,
                    Port = (ushort)(parsed.GetValue(port) is > 0 and var number ? number : 53),
                    Disclosure = parsed.GetValue(minimise) ? NameDisclosure.Minimised : NameDisclosure.Whole,
                };
                if (parsed.GetValue(wait) is > 0 and var seconds)
                    settings = settings with { Time = TimeSpan.FromSeconds(seconds) };
                return DnsTrace.RunAsync(context, line.Name, line.Types is [] ? [DnsType.A] : line.Types, settings, form).GetAwaiter().GetResult();
            }

            var way = parsed.GetValue(https) ? DnsTransport.Https : parsed.GetValue(tls) ? DnsTransport.Tls : parsed.GetValue(tcp) ? DnsTransport.Tcp : DnsTransport.Udp;
            var asks = Settings(line.Server, parsed.GetValue(port), parsed.GetValue(wait), way) with
            {
                Tls = new TlsSettings(parsed.GetValue(tlsName), parsed.GetValue(insecure) ? CertificateCheck.Opportunistic : CertificateCheck.Strict),
            };
            return RunAsync(context, line, asks, parsed.GetValue(search), form).GetAwaiter().GetResult();
        });
        return command;
    }

    // Given by the user, not by default.
    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static void OneOf(CommandResult result, params Option[] options)
    {
        if (options.Count(option => IsGiven(result, option)) > 1)
            result.AddError($"Only one of {string.Join(", ", options.Select(option => option.Name))}.");
    }

    private static ResolverSettings Settings(IPAddress? server, int port, int seconds, DnsTransport transport)
    {
        var settings = ResolverSettings.Parse(Text(ResolvConf));
        if (transport == DnsTransport.Udp)
            transport = settings.Transport;
        if (port == 0)
            port = transport switch { DnsTransport.Tls => 853, DnsTransport.Https => 443, _ => 53 };
        var servers = server is not null ? [new IPEndPoint(server, port)] : settings.Servers.Select(one => new IPEndPoint(one.Address, port));
        return settings with { Servers = [.. servers], Timeout = seconds > 0 ? TimeSpan.FromSeconds(seconds) : settings.Timeout, Transport = transport };
    }

    private static string Text(string path) => File.Exists(path) ? File.ReadAllText(path) : "";

    private static async Task<int> RunAsync(CommandContext context, DnsQuestionLine line, ResolverSettings settings, bool searches, DnsForm form)
    {
        var stub = new StubResolver(settings, searches ? HostsFile.Parse(Text(Hosts)) : null);
        IReadOnlyList<ushort> types = searches && line.Types is [] ? [DnsType.A, DnsType.Aaaa] : line.Types is [] ? [DnsType.A] : line.Types;
        // All at once, as programs do; printed in the order in which they were asked for.
        var asked = types.Select(type => searches
            ? stub.LookUpAsync(line.Text, line.Name, type, line.Edns, context.Interrupt)
            : stub.AskAsync(line.Name, type, line.Edns, context.Interrupt)).ToArray();
        int code = ExitCode.Done;
        for (int index = 0; index < asked.Length; index++)
        {
            try
            {
                var answer = await asked[index].ConfigureAwait(false);
                if (answer.Exchange is { } exchange)
                    DnsAnswerPrinter.Print(exchange, form, context.Output);
                else
                    DnsAnswerPrinter.Print(answer.FromHosts, Hosts, form, context.Output);
                code = Math.Max(code, answer.Exchange is null ? ExitCode.Done : Code(answer.Exchange.Message, types[index]));
            }
            catch (DnsExchangeException failure)
            {
                context.Error.WriteLine($"netlab dns: {failure.Message} Name another server with @ADDRESS, its port with -p, or wait longer with --timeout.");
                code = ExitCode.Network;
            }
            catch (OperationCanceledException) when (context.Interrupt.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
        }

        return code;
    }

    private static int Code(DnsMessage answer, ushort type) => answer.ResponseCode switch
    {
        0 => answer.Answers.Any(record => record.Type == type || type == DnsType.Any) ? ExitCode.Done : ExitCode.NotMet,
        3 => ExitCode.NotMet,
        _ => ExitCode.Network,
    };
}
