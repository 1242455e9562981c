using System.CommandLine;
using System.Globalization;
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

    private static readonly (string Name, LineTime Time, string Description)[] s_times =
    [
        ("-t", LineTime.None, "No time."), ("-tt", LineTime.Epoch, "Seconds since 1970."), ("-ttt", LineTime.SincePrevious, "Time since the packet before."),
        ("-tttt", LineTime.DateAndTime, "Date and time of day (UTC)."), ("-ttttt", LineTime.SinceFirst, "Time since the first packet."),
    ];

    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A pcap or pcapng file, also compressed by gzip; - for standard input." };
        var filter = new Option<string>("-Y") { HelpName = "FILTER", Description = "Only what a display filter matches, such as 'tcp.port == 80 && ip.src == 10.0.0.0/8'." };
        var fields = new Option<string>("--fields") { HelpName = "a,b,c", Description = "These fields, separated by tabs, with a header row." };
        var json = new Option<bool>("--json") { Description = "One JSON object a packet." };
        var columns = new Option<bool>("--columns") { Description = "Wireshark's columns." };
        var tree = new Option<bool>("--tree") { Description = "After each line the packet's layers and fields." };
        var hex = new Option<bool>("-x") { Description = "After each line the packet's bytes, without its link-layer header." };
        var count = new Option<long?>("-c") { HelpName = "N", Description = "Stop after N packets." };
        var times = s_times.Select(form => new Option<bool>(form.Name) { Description = form.Description }).ToArray();
        var command = new Command("read", "Prints the packets of a capture file as tcpdump -nn does, times in UTC; exits 2 if the file is cut off or damaged.")
            { file, filter, fields, json, columns, tree, hex, count };
        foreach (var option in times)
            command.Options.Add(option);
        count.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0))
                result.AddError($"-c takes a number from 1, not '{token.Value}'.");
        });
        command.Validators.Add(result =>
        {
            bool asFields = result.GetValue(fields) is not null, asJson = result.GetValue(json), asColumns = result.GetValue(columns);
            if ((asFields ? 1 : 0) + (asJson ? 1 : 0) + (asColumns ? 1 : 0) > 1)
                result.AddError("Only one of --fields, --json and --columns can be had at a time.");
            else if ((asFields || asJson) && (result.GetValue(tree) || result.GetValue(hex)))
                result.AddError("--tree and -x go with lines and --columns only.");
        });
        command.SetAction(parsed =>
        {
            DisplayFilter? wanted = null;
            if (parsed.GetValue(filter) is { } text && !DisplayFilter.TryCompile(text, out wanted, out var mistake))
                return Refuse(context, $"-Y '{text}', {mistake}.");
            FieldSelection? selection = null;
            if (parsed.GetValue(fields) is { } names && !FieldSelection.TryParse(names, out selection, out mistake))
                return Refuse(context, $"--fields '{names}', {mistake}.");
            var time = LineTime.TimeOfDay;
            for (int index = 0; index < times.Length; index++)
                time = parsed.GetValue(times[index]) ? s_times[index].Time : time;
            PacketPrinter printer = selection is not null ? new FieldsPrinter(selection)
                : parsed.GetValue(json) ? new PacketJson()
                : parsed.GetValue(columns) ? new ColumnPrinter()
                : new LinePrinter(time);
            if (parsed.GetValue(tree))
                printer = new TreePrinter(printer);
            if (parsed.GetValue(hex))
                printer = new HexPrinter(printer);
            return Run(context, parsed.GetRequiredValue(file), wanted, printer, parsed.GetValue(count) ?? long.MaxValue);
        });
        return command;
    }

    private static int Run(CommandContext context, string path, DisplayFilter? filter, PacketPrinter printer, long most)
    {
        var output = new ByteOutput(context.OutputBytes);
        string name = path == "-" ? "standard input" : path;
        using var reader = path == "-" ? CaptureFileReader.Open(new FlushingInput(context.InputBytes, output), name, out var obstacle) : CaptureFileReader.Open(path, out obstacle);
        if (context.Interrupt.IsCancellationRequested)
            return ExitCode.Interrupted;
        if (reader is null)
            return Refuse(context, obstacle!.ToString());
        // Lines on the same terminal are progress enough.
        var progress = new ReadingProgress(context.ErrorIsTerminal && !context.OutputIsTerminal ? context.Error : null, context.Clock());
        using var held = printer as IDisposable;
        printer.Begin(output);
        var history = printer.NeedsHistory || filter?.NeedsHistory == true ? new FrameHistory() : null;
        bool goesOn = Copy(context, reader, filter, printer, history, output, most, progress);
        if (goesOn)
            CopyOnAllCores(context, reader, filter, printer, history, output, progress);
        output.Flush();
        progress.End();
        if (context.Interrupt.IsCancellationRequested)
            return ExitCode.Interrupted;
        return reader.Trouble is null ? ExitCode.Done : Refuse(context, $"{name}: {reader.Trouble}");
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
        using var pipeline = new PacketPipeline(filter, printer);
        pipeline.Print(reader, printer, filter, history, output, () =>
        {
            progress.Show(reader, context.Clock());
            return !context.Interrupt.IsCancellationRequested;
        });
    }

    private static int Refuse(CommandContext context, string sentence)
    {
        context.Error.WriteLine($"netlab: {EventText.Printable(sentence)}");
        return ExitCode.Usage;
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
