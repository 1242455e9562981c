using System.Collections.Immutable;
using System.Net;
using NetLab.Core.Dns;
using NetLab.Core.Resolver;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab dns --trace</c>: walks from the root instead of asking a resolver.</summary>
internal static class DnsTrace
{
    // How soon a step that is known is printed.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(40);

    /// <summary>The root's servers as named on the command line.</summary>
    /// <param name="named">An address, a file of hints, or null for those that are built in.</param>
    /// <param name="mistake">Why the answer is null.</param>
    public static ImmutableArray<DnsNameServer>? Root(string? named, out string mistake)
    {
        mistake = "";
        if (named is null)
            return RootHints.BuiltIn;
        if (IPAddress.TryParse(named, out var address))
            return RootHints.Of(address);
        try
        {
            return RootHints.Parse(File.ReadAllText(named), named);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            mistake = $"--root wants an address or a file of hints: {refused.Message}";
        }
        catch (ZoneException wrong)
        {
            mistake = wrong.Message;
        }

        return null;
    }

    /// <summary>Walks for each type.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(CommandContext context, DnsName name, IReadOnlyList<ushort> types, WalkSettings settings, DnsForm form)
    {
        int code = ExitCode.Done;
        foreach (ushort type in types)
        {
            var walk = new DnsWalk(new DnsQuestion(name, type), context.Clock());
            var printer = new DnsTracePrinter(walk, form, context.Output);
            var walking = new IterativeResolver(settings, new DnsCache(), context.Clock).RunAsync(walk, context.Interrupt);
            while (await Task.WhenAny(walking, Task.Delay(s_look)).ConfigureAwait(false) != walking)
                printer.Advance();
            await walking.ConfigureAwait(false);
            printer.End();
            if (context.Interrupt.IsCancellationRequested)
                return ExitCode.Interrupted;
            code = Math.Max(code, walk.Outcome switch
            {
                DnsWalkOutcome.Answered => ExitCode.Done,
                DnsWalkOutcome.NoData or DnsWalkOutcome.NoSuchName => ExitCode.NotMet,
                _ => ExitCode.Network,
            });
            if (walk.Outcome == DnsWalkOutcome.Failed)
                context.Error.WriteLine($"netlab dns: no answer to {name} {DnsType.ToText(type)}: {walk.Verdict.TrimEnd('.')}.");
        }

        return code;
    }
}
