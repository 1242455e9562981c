using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NetLab.Core.Packets;

namespace NetLab.Tui.Commands;

/// <summary>The options by which packets are chosen and printed, the same ones for <c>read</c> and <c>capture</c>.</summary>
internal sealed class PacketForm
{
    private static readonly (string Name, LineTime Time, string Description)[] s_times =
    [
        ("-t", LineTime.None, "No time."), ("-tt", LineTime.Epoch, "Seconds since 1970."), ("-ttt", LineTime.SincePrevious, "Time since the packet before."),
        ("-tttt", LineTime.DateAndTime, "Date and time of day (UTC)."), ("-ttttt", LineTime.SinceFirst, "Time since the first packet."),
    ];

    private readonly Option<string> _filter = new("-Y") { HelpName = "FILTER", Description = "Only what a display filter matches, such as 'tcp.port == 80 && ip.src == 10.0.0.0/8'." };
    private readonly Option<string> _fields = new("--fields") { HelpName = "a,b,c", Description = "These fields, separated by tabs, with a header row." };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object a packet." };
    private readonly Option<bool> _columns = new("--columns") { Description = "Wireshark's columns." };
    private readonly Option<bool> _tree = new("--tree") { Description = "After each line the packet's layers and fields." };
    private readonly Option<bool> _hex = new("-x") { Description = "After each line the packet's bytes, without its link-layer header." };
    private readonly Option<long?> _count = new("-c") { HelpName = "N", Description = "Stop after N packets." };
    private readonly Option<bool>[] _times = [.. s_times.Select(form => new Option<bool>(form.Name) { Description = form.Description })];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _count.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0))
                result.AddError($"-c takes a number from 1, not '{token.Value}'.");
        });
        foreach (Option option in (Option[])[_filter, _fields, _json, _columns, _tree, _hex, _count, .. _times])
            command.Options.Add(option);
        command.Validators.Add(Check);
    }

    /// <summary>How many packets to print at most.</summary>
    public long Most(ParseResult parsed) => parsed.GetValue(_count) ?? long.MaxValue;

    /// <summary>Whether JSON is asked for.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Whether bytes are asked for in hexadecimal.</summary>
    public bool IsHex(ParseResult parsed) => parsed.GetValue(_hex);

    /// <summary>Makes the display filter; null where none is asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="mistake">What is wrong with it, one sentence; null where nothing is.</param>
    public DisplayFilter? Filter(ParseResult parsed, out string? mistake)
    {
        mistake = null;
        if (parsed.GetValue(_filter) is not { } text)
            return null;
        if (!DisplayFilter.TryCompile(text, out var filter, out var error))
            mistake = $"-Y '{text}', {error}.";
        return filter;
    }

    /// <summary>Makes the printer.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="mistake">What is wrong with the fields it names, one sentence; null where nothing is.</param>
    public PacketPrinter Printer(ParseResult parsed, out string? mistake)
    {
        mistake = null;
        FieldSelection? selection = null;
        if (parsed.GetValue(_fields) is { } names && !FieldSelection.TryParse(names, out selection, out var error))
            mistake = $"--fields '{names}', {error}.";
        PacketPrinter printer = selection is not null ? new FieldsPrinter(selection)
            : parsed.GetValue(_json) ? new PacketJson()
            : parsed.GetValue(_columns) ? new ColumnPrinter()
            : new LinePrinter(Time(parsed));
        if (parsed.GetValue(_tree))
            printer = new TreePrinter(printer);
        return parsed.GetValue(_hex) ? new HexPrinter(printer) : printer;
    }

    private LineTime Time(ParseResult parsed)
    {
        int given = Array.FindLastIndex(_times, option => parsed.GetValue(option));
        return given < 0 ? LineTime.TimeOfDay : s_times[given].Time;
    }

    private void Check(CommandResult result)
    {
        bool asFields = result.GetValue(_fields) is not null, asJson = result.GetValue(_json), asColumns = result.GetValue(_columns);
        if ((asFields ? 1 : 0) + (asJson ? 1 : 0) + (asColumns ? 1 : 0) > 1)
            result.AddError("Only one of --fields, --json and --columns can be had at a time.");
        else if ((asFields || asJson) && (result.GetValue(_tree) || result.GetValue(_hex)))
            result.AddError("--tree and -x go with lines and --columns only.");
    }
}
