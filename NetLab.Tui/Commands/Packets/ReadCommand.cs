using System.CommandLine;
using NetLab.Core;
using NetLab.Core.Capture;
using NetLab.Core.Packets;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>
/// <c>netlab read FILE|-</c>: the packets of a capture file. Of a file that is cut off or damaged, what is whole is printed; then standard error
/// says where it ends, and the exit code is 2.
/// </summary>
internal static class ReadCommand
{
    // How often the clock, and the wish to stop, are looked at.
    private const int PacketsALook = 4096;

    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A pcap or pcapng file, also compressed by gzip; - for standard input." };
        var form = new PacketForm();
        var follow = new Option<string>("--follow") { HelpName = "tcp:N", Description = "What both ends of a conversation sent, in order, instead of packets: tcp:N or udp:N; with -x in hexadecimal." };
        var conversations = new Option<bool>("--conversations") { Description = "The table of TCP and UDP conversations instead of packets." };
        var save = new Option<string>("-w") { HelpName = "FILE", Description = "Save the packets to a file (pcapng if it is named so, else pcap; - for standard output) instead of printing them." };
        var command = new Command("read", "Prints the packets of a capture file as tcpdump -nn does, times in UTC; exits 2 if the file is cut off or damaged.") { file };
        form.AddTo(command);
        foreach (Option option in (Option[])[follow, conversations, save])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (((Option[])[follow, conversations, save]).Count(option => result.GetResult(option) is not null) > 1)
                result.AddError("Only one of --follow, --conversations and -w can be had at a time.");
        });
        command.SetAction(parsed =>
        {
            var wanted = form.Filter(parsed, out string? mistake);
            if (mistake is not null)
                return Refuse(context, mistake);
            var printer = form.Printer(parsed, out mistake);
            if (mistake is not null)
                return Refuse(context, mistake);
            if (parsed.GetValue(follow) is { } stream)
            {
                var followed = FollowPrinter.TryParse(stream, form.IsJson(parsed) ? FollowForm.Json : form.IsHex(parsed) ? FollowForm.Hex : FollowForm.Text);
                if (followed is null)
                    return Refuse(context, $"--follow takes tcp:N or udp:N, N being a number that --conversations shows, not '{stream}'.");
                printer = followed;
            }
            else if (parsed.GetValue(conversations))
            {
                printer = new ConversationPrinter(form.IsJson(parsed) ? ConversationForm.Json : ConversationForm.Text);
            }
            else if (parsed.GetValue(save) is { } path)
            {
                printer = new SavePrinter(path, context.OutputBytes);
            }

            return Run(context, parsed.GetRequiredValue(file), wanted, printer, form.Most(parsed));
        });
        return command;
    }

    private static int Run(CommandContext context, string path, DisplayFilter? filter, PacketPrinter printer, long most)
    {
        var output = new ByteOutput(context.OutputBytes);
        string name = path == "-" ? "standard input" : path;
        using var held = printer as IDisposable;
        var refusal = CaptureRefusal.Other;
        using var reader = path == "-" ? CaptureFileReader.Open(new FlushingInput(context.InputBytes, output), name, out var obstacle)
            : CaptureFileReader.Open(path, out obstacle, out refusal);
        if (context.Interrupt.IsCancellationRequested)
            return ExitCode.Interrupted;
        if (reader is null)
            return Refuse(context, obstacle!.ToString(), refusal == CaptureRefusal.NotPermitted ? ExitCode.NotPermitted : ExitCode.Usage);
        // Lines on the same terminal are progress enough.
        var progress = new ReadingProgress(context.ErrorIsTerminal && !context.OutputIsTerminal ? context.Error : null, context.Clock());
        try
        {
            PrintAll(context, reader, filter, printer, output, most, progress);
        }
        catch (SaveException mistake)
        {
            progress.End();
            return Refuse(context, mistake.Message);
        }

        progress.End();
        if (context.Interrupt.IsCancellationRequested)
            return ExitCode.Interrupted;
        if (reader.Trouble is { } trouble)
            return Refuse(context, $"{name}: {trouble}");
        return printer is FollowPrinter { IsFound: false } missing
            ? Refuse(context, $"{name} has no conversation {missing.Name}; {(missing.Seen == 0 ? "it has none of that protocol" : $"the last one is {missing.Seen - 1}")}.")
            : ExitCode.Done;
    }

    private static void PrintAll(
        CommandContext context, CaptureFileReader reader, DisplayFilter? filter, PacketPrinter printer, ByteOutput output, long most, ReadingProgress progress)
    {
        var history = printer.HistoryFor(filter);
        printer.Begin(output);
        if (Copy(context, reader, filter, printer, history, output, most, progress))
            CopyOnAllCores(context, reader, filter, printer, history, output, progress);
        printer.End(output);
        output.Flush();
    }

    // Whether there is more that several threads may print.
    private static bool Copy(
        CommandContext context, CaptureFileReader reader, DisplayFilter? filter, PacketPrinter printer, FrameHistory? history, ByteOutput output, long most,
        ReadingProgress progress)
    {
        bool mayFork = most == long.MaxValue && reader.Progress is not null && printer.Fork() is { } fork && Release(fork);
        var scratch = new Dissection();
        long printed = 0;
        while (printed < most && reader.TryRead(out var packet))
        {
            var frame = new Frame((LinkType)packet.LinkType, packet.Bytes, packet.OriginalLength)
            {
                Number = packet.Number,
                Time = packet.Time,
                Interface = packet.Interface,
            };
            if (history is not null)
                frame = frame.With(history.Take(frame));
            if (filter is null || filter.Matches(frame, scratch))
            {
                printer.Print(frame, output);
                printed++;
            }
            else
            {
                printer.PassOver(frame);
            }

            if (packet.Number % PacketsALook != 0)
                continue;
            if (context.Interrupt.IsCancellationRequested)
                return false;
            if (mayFork)
                return true;
            progress.Show(reader, context.Clock());
        }

        return false;
    }

    private static bool Release(PacketPrinter fork)
    {
        (fork as IDisposable)?.Dispose();
        return true;
    }

    private static void CopyOnAllCores(
        CommandContext context, CaptureFileReader reader, DisplayFilter? filter, PacketPrinter printer, FrameHistory? history, ByteOutput output, ReadingProgress progress)
    {
        using var pipeline = new PacketPipeline(filter, printer, history);
        pipeline.Print(reader, printer, filter, history, output, () =>
        {
            progress.Show(reader, context.Clock());
            return !context.Interrupt.IsCancellationRequested;
        });
    }

    private static int Refuse(CommandContext context, string sentence, int code = ExitCode.Usage)
    {
        context.Error.WriteLine($"netlab: {EventText.Printable(sentence)}");
        return code;
    }
}

/// <summary>How far the reading of a long file is, in one line of standard error that is written over and taken away at the end.</summary>
/// <param name="error">Standard error; null where nobody would see it.</param>
/// <param name="began">When the reading began.</param>
internal sealed class ReadingProgress(TextWriter? error, Timestamp began)
{
    private static readonly Duration s_patience = Duration.FromMilliseconds(500);
    private Timestamp _shown = began;
    private bool _written;

    /// <summary>Shows it, now and then.</summary>
    public void Show(CaptureFileReader reader, Timestamp now)
    {
        if (error is null || now - _shown < s_patience)
            return;
        _shown = now;
        _written = true;
        string part = reader.Progress is { } done ? $"{100 * done,3:F0} %" : $"{reader.Position >> 20} MiB";
        error.Write($"\r{part}  {reader.Packets} packets\e[K");
        error.Flush();
    }

    /// <summary>Takes it away.</summary>
    public void End()
    {
        if (!_written)
            return;
        error!.Write("\r\e[K");
        error.Flush();
    }
}
