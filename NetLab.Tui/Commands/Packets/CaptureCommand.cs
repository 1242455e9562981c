using System.CommandLine;
using System.Globalization;
using NetLab.Core;
using NetLab.Core.Capture;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>
/// <c>netlab capture</c>: live packets as lines, or into a file that tcpdump can read at any moment. Ctrl+C is how it is ended, so that it then ends with 0,
/// as tcpdump does; what was counted goes to standard error.
/// </summary>
internal static class CaptureCommand
{
    // Packets wait here while the disk or the terminal is slow.
    private const int KernelBuffer = 32 << 20;
    private const int LongestSnap = 262_144;

    public static Command Create(CommandContext context)
    {
        var device = new Option<string>("-i") { HelpName = "IF", Description = "The interface, or any.", DefaultValueFactory = _ => "lo" };
        var list = new Option<bool>("-D") { Description = "List the interfaces and end." };
        var file = new Option<string>("-w") { HelpName = "FILE", Description = "Save to a file (pcapng if it is named so, else pcap) instead of printing; - for standard output." };
        var snap = new Option<int?>("-s") { HelpName = "LEN", Description = "Keep LEN bytes of a packet at most; 0 for all." };
        var duration = new Option<double?>("--duration") { HelpName = "SECONDS", Description = "Stop after so many seconds." };
        var ring = new Option<string>("--ring") { HelpName = "SIZE", Description = "With -w: keep the last SIZE bytes (as 500k, 100M, 2G) in ten files, FILE0 to FILE9." };
        var filter = new Argument<string[]>("FILTER") { Description = "libpcap's filter, such as 'port 8000'.", Arity = ArgumentArity.ZeroOrMore };
        var form = new PacketForm();
        var command = new Command("capture", "Prints packets as they pass, as tcpdump -nn does, times in UTC, or saves them. Ctrl+C ends it, with 0.") { filter, device, list, file, snap, duration, ring };
        form.AddTo(command);
        snap.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                result.AddError($"-s takes a number from 0, not '{token.Value}'.");
        });
        duration.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(double.TryParse(token.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 1e9))
                result.AddError($"--duration takes seconds, such as 10 or 0.5, not '{token.Value}'.");
        });
        ring.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !TryReadSize(token.Value, out _))
                result.AddError($"--ring takes a size such as 500k, 100M or 2G, not '{token.Value}'.");
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(ring) is not null && (result.GetValue(file) ?? "-") == "-")
                result.AddError("--ring needs -w FILE.");
        });
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(list))
                return InterfaceList.Print(context, form.IsJson(parsed) ? TimelineForm.Json : TimelineForm.Text);
            var wanted = form.Filter(parsed, out string? mistake);
            if (mistake is not null)
                return Refuse(context, new Obstacle(mistake), CaptureRefusal.Other);
            var printer = form.Printer(parsed, out mistake);
            if (mistake is not null)
                return Refuse(context, new Obstacle(mistake), CaptureRefusal.Other);
            var request = new PacketRequest(parsed.GetValue(device)!, string.Join(' ', parsed.GetValue(filter) ?? []))
            {
                BufferSize = KernelBuffer,
                Delivery = PacketDelivery.InBlocks,
                SnapLength = parsed.GetValue(snap) is > 0 and < LongestSnap and var kept ? kept : LongestSnap,
            };
            using var held = printer as IDisposable;
            return new CaptureRun(context, request, wanted, printer)
            {
                Path = parsed.GetValue(file),
                RingSize = parsed.GetValue(ring) is { } size && TryReadSize(size, out long bytes) ? bytes : null,
                Most = form.Most(parsed),
                Length = parsed.GetValue(duration) is { } seconds ? new Duration((long)(seconds * 1e9)) : null,
            }.Run();
        });
        return command;
    }

    /// <summary>Says what is in the way, with the command that mends it.</summary>
    internal static int Refuse(CommandContext context, Obstacle obstacle, CaptureRefusal refusal)
    {
        context.Error.WriteLine($"netlab: {EventText.Printable(obstacle.ToString())}");
        return refusal is CaptureRefusal.NotPermitted or CaptureRefusal.NoLibpcap ? ExitCode.NotPermitted : ExitCode.Usage;
    }

    private static bool TryReadSize(string text, out long bytes)
    {
        int shift = text.Length == 0 ? 0 : text[^1] switch { 'k' or 'K' => 10, 'm' or 'M' => 20, 'g' or 'G' => 30, _ => 0 };
        bool good = long.TryParse(shift > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out bytes) && bytes > 0 && bytes <= long.MaxValue >> shift;
        bytes <<= shift;
        return good;
    }
}
