using System.CommandLine;
using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Peers;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>
/// <c>netlab load URL|HOST PORT</c>: puts a bounded load on a server and prints how long its answers took. A server that is not on loopback gets it
/// only when its name is typed twice.
/// </summary>
internal static class LoadCommand
{
    private const int DefaultSeconds = 10, DefaultConnections = 10, DefaultSize = 64, DefaultPatience = 5;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    public static Command Create(CommandContext context) => Create(context, new MachineNames());

    internal static Command Create(CommandContext context, INameLookup names)
    {
        var target = new Argument<string>("TARGET") { HelpName = "URL|HOST", Description = "A URL (http://…) to GET again and again, or the host of an echo server." };
        var port = new Argument<string?>("PORT") { Arity = ArgumentArity.ZeroOrOne, Description = "With a host: the port of the echo server, a number or a service's name." };
        var connections = new Option<int>("--connections", "-c")
        {
            HelpName = "N",
            Description = $"How many connections ask at the same time (at most {LoadSpecification.MostConnections}).",
            DefaultValueFactory = _ => DefaultConnections,
        }.InRange(1, LoadSpecification.MostConnections);
        var seconds = new Option<int>("--duration", "-d")
        {
            HelpName = "SECONDS",
            Description = $"For how long (at most {LoadSpecification.LongestSeconds}).",
            DefaultValueFactory = _ => DefaultSeconds,
        }.InRange(1, LoadSpecification.LongestSeconds);
        var requests = new Option<int>("--requests", "-n") { HelpName = "N", Description = "End after so many requests, or when the time is over, whichever comes first." }.InRange(1, int.MaxValue);
        var rate = new Option<int>("--rate", "-r")
        {
            HelpName = "N",
            Description = $"Requests a second, of all connections together (at most {LoadSpecification.HighestRate}); without it as fast as answers come. A latency then counts from when its request was due, sent late or not.",
        }.InRange(1, LoadSpecification.HighestRate);
        var size = new Option<int>("--size", "-s")
        {
            HelpName = "BYTES",
            Description = "With a host: how many bytes go there and back each time.",
            DefaultValueFactory = _ => DefaultSize,
        }.InRange(1, EchoLoad.LargestSize);
        var patience = new Option<int>("--timeout", "-t")
        {
            HelpName = "SECONDS",
            Description = "How long an answer may take before its connection is given up.",
            DefaultValueFactory = _ => DefaultPatience,
        }.InRange(1, 600);
        var remote = new Option<string?>("--yes-remote") { HelpName = "HOST", Description = "Allow a server that is not on this machine: type its name a second time. Only with its owner's leave." };
        var json = new Option<bool>("--json") { Description = "The figures as one JSON object." };
        var command = new Command("load", "Puts load on a server and tells how long its answers take. Ctrl+C gives the figures so far.")
        {
            target, port, connections, seconds, requests, rate, size, patience, remote, json,
        };
        command.SetAction(parsed =>
        {
            var place = LoadTarget.Find(parsed.GetRequiredValue(target), parsed.GetValue(port), parsed.GetValue(size), parsed.GetValue(remote), names, out string mistake);
            if (place is null)
                return Refuse(context, mistake, ExitCode.Usage);
            if (place.Servers.Count == 0)
                return Refuse(context, $"The host {place.Host} has no address that is known here; is its name right?", ExitCode.Network);
            var specification = new LoadSpecification(place.Exchange, place.Servers)
            {
                Connections = parsed.GetValue(connections),
                Length = Duration.FromSeconds(parsed.GetValue(seconds)),
                Requests = parsed.GetValue(requests) is var most and > 0 ? most : long.MaxValue,
                Rate = parsed.GetValue(rate) is var wanted and > 0 ? wanted : null,
                Patience = Duration.FromSeconds(parsed.GetValue(patience)),
            };
            return Run(context, place, specification, parsed.GetValue(json) ? LoadForm.Json : LoadForm.Text);
        });
        return command;
    }

    private static int Run(CommandContext context, LoadTarget place, LoadSpecification specification, LoadForm form)
    {
        LoadRun run;
        try
        {
            run = LoadRun.StartAsync(specification, context.Interrupt).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (SocketException refused)
        {
            return Refuse(context, WhyNot(refused, specification.Servers[^1]), ExitCode.Network);
        }

        using (run)
        {
            var progress = new LoadProgress(context.ErrorIsTerminal ? context.Error : null, specification);
            while (!run.Completion.Wait(s_look))
            {
                if (context.Interrupt.IsCancellationRequested)
                    run.Stop();
                progress.Show(run.Figures());
            }

            progress.End();
            var figures = run.Figures();
            if (form == LoadForm.Json)
                context.Output.WriteLine(LoadJson.Write(place, run.Server, specification, figures));
            else
                LoadPrinter.Print(context.Output, Paint.For(context), place, specification, figures);
            return context.Interrupt.IsCancellationRequested ? ExitCode.Interrupted : figures.Answered > 0 ? ExitCode.Done : ExitCode.Network;
        }
    }

    private static string WhyNot(SocketException refused, Endpoint server)
    {
        string mend = refused.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "nobody listens there (ECONNREFUSED); start the server first, or see who does with 'netlab sockets -l'",
            SocketError.TimedOut => "nothing came back in the time that was allowed; a longer one is given with --timeout",
            _ => $"{((Errno)refused.NativeErrorCode).Words()} ({((Errno)refused.NativeErrorCode).Name()})",
        };
        return $"No connection to {server}: {mend}.";
    }

    private static int Refuse(CommandContext context, string sentence, int code)
    {
        context.Error.WriteLine($"netlab: {EventText.Printable(sentence)}");
        return code;
    }
}

/// <summary>How the figures of a load are written.</summary>
internal enum LoadForm
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object.</summary>
    Json,
}
