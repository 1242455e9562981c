using NetLab.Core.Kernel;

namespace NetLab.Tui.Commands;

/// <summary>Looks at the sockets once, or again and again, and prints them.</summary>
internal sealed class SocketsRun
{
    private readonly CommandContext _context;
    private readonly SocketChoice _choice;
    private readonly SocketForm _form;
    private readonly INameLookup _names;
    private readonly LineOutput _lines;
    private readonly Lazy<SocketTablePrinter> _table;
    private readonly Lazy<LsofPrinter> _lsof;
    private int[] _shown = new int[256];
    private int _count;

    public SocketsRun(CommandContext context, SocketChoice choice, SocketForm form, INameLookup names)
    {
        (_context, _choice, _form, _names, _lines) = (context, choice, form, names, new LineOutput(context.OutputBytes));
        (_table, _lsof) = (new(() => new SocketTablePrinter(Paint.For(context))), new(() => new LsofPrinter(names)));
    }

    /// <summary>Prints.</summary>
    /// <param name="seconds">Between one look and the next; null to look once.</param>
    /// <returns>The exit code.</returns>
    public int Run(double? seconds)
    {
        using var snapshot = new SocketSnapshot(_choice.Query(_form == SocketForm.Json ? SocketFacts.Figures : SocketFacts.Plain));
        Take(snapshot);
        Complain(snapshot);
        if (seconds is { } interval)
            return Watch(snapshot, TimeSpan.FromSeconds(interval));
        if (_count == 0 && _choice.IsParticular)
            return ExitCode.NotMet;
        int printed = Print(snapshot);
        _lines.Flush();
        return printed == 0 && _choice.IsParticular ? ExitCode.NotMet : ExitCode.Done;
    }

    private int Watch(SocketSnapshot snapshot, TimeSpan interval)
    {
        var screen = _context.OutputIsTerminal && _form != SocketForm.Json ? new WatchScreen(_context.OutputBytes) : null;
        for (bool isFirst = true; ; isFirst = false)
        {
            if (!isFirst)
                Take(snapshot);
            if (screen is not null)
                screen.Draw(Heading(snapshot, interval), output => Print(snapshot, output, WatchScreen.MostRows));
            else
                Append(snapshot, interval, isFirst);
            if (_context.Interrupt.WaitHandle.WaitOne(interval))
                return ExitCode.Interrupted;
        }
    }

    // Blocks, each under its moment; JSON objects carry theirs themselves.
    private void Append(SocketSnapshot snapshot, TimeSpan interval, bool isFirst)
    {
        if (_form != SocketForm.Json)
        {
            var line = new Core.Packets.Utf8Line(_lines.Begin());
            line.Text(isFirst ? default : "\n"u8);
            line.Text(Heading(snapshot, interval));
            _lines.End(line);
        }

        Print(snapshot);
        _lines.Flush();
    }

    private string Heading(SocketSnapshot snapshot, TimeSpan interval) =>
        $"{snapshot.Time}  {_count} {(_count == 1 ? "socket" : "sockets")}, every {interval.TotalSeconds:0.###} s";

    private void Take(SocketSnapshot snapshot)
    {
        snapshot.Refresh();
        var rows = snapshot.Rows;
        if (_shown.Length < rows.Length)
            _shown = new int[rows.Length];
        _count = 0;
        for (int index = 0; index < rows.Length; index++)
        {
            if (_choice.Matches(rows[index]))
                _shown[_count++] = index;
        }

        if (_count == 0)
            return;
        snapshot.FindHolders();
        if (_choice.Processes.Count == 0)
            return;
        int kept = 0;
        for (int index = 0; index < _count; index++)
        {
            if (_choice.MatchesProcess(rows[_shown[index]], snapshot.Holders))
                _shown[kept++] = _shown[index];
        }

        _count = kept;
    }

    private int Print(SocketSnapshot snapshot) => Print(snapshot, _lines, int.MaxValue);

    private int Print(SocketSnapshot snapshot, LineOutput output, int most)
    {
        var listing = new SocketListing(snapshot.Rows, _shown.AsSpan(0, _count), snapshot.Holders);
        switch (_form)
        {
            case SocketForm.Json:
                new SocketJsonPrinter(_names).Print(_context.OutputBytes, listing, snapshot.Time, snapshot.Obstacle is null ? SocketFacts.Figures : SocketFacts.Plain);
                return _count;
            case SocketForm.Lsof:
                return _lsof.Value.Print(output, listing.Take(most));
            default:
                _table.Value.Print(output, listing.Take(most));
                return _count;
        }
    }

    // What this user may not see, each in one sentence.
    private void Complain(SocketSnapshot snapshot)
    {
        if (snapshot.Obstacle is { } obstacle)
            _context.Error.WriteLine($"netlab: {obstacle}");
        if (snapshot.Holders.Hidden == 0)
            return;
        int unknown = 0;
        for (int index = 0; index < _count; index++)
        {
            ref readonly var row = ref snapshot.Rows[_shown[index]];
            unknown += row.Detail.Inode != 0 && snapshot.Holders.First(row.Detail.Inode) < 0 ? 1 : 0;
        }

        if (unknown > 0 || (_count == 0 && _choice.Processes.Count > 0))
            _context.Error.WriteLine($"netlab: {Others(unknown)} Try: sudo ./netlab sockets");
    }

    private static string Others(int unknown) => unknown switch
    {
        0 => "The sockets of other users' processes cannot be told apart without root.",
        1 => "The process of 1 socket belongs to another user and is not shown.",
        _ => $"The processes of {unknown} sockets belong to other users and are not shown.",
    };
}
