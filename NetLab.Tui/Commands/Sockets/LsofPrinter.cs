using System.Globalization;
using NetLab.Core;
using NetLab.Core.Kernel;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;

namespace NetLab.Tui.Commands;

/// <summary>The sockets as <c>lsof -nP -i</c> prints them: a line a process and descriptor, in their order; sockets that nobody holds have none.</summary>
/// <param name="names">Finds the users' names.</param>
internal sealed class LsofPrinter(INameLookup names)
{
    private const int CommandMost = 9, DescriptorMost = 9_999;
    private readonly List<(ulong Key, int Row, int Place)> _lines = [];
    private int _commandWidth, _processWidth, _userWidth, _deviceWidth;

    /// <summary>Prints the heading and the lines; nothing where there is no line.</summary>
    /// <returns>How many lines.</returns>
    public int Print(LineOutput output, SocketListing listing)
    {
        Collect(listing);
        if (_lines.Count == 0)
            return 0;
        Measure(listing);
        var heading = new Utf8Line(output.Begin());
        heading.Text("COMMAND"u8);
        SocketText.PadTo(ref heading, _commandWidth);
        Right(ref heading, "PID", _processWidth);
        Right(ref heading, "USER", _userWidth);
        heading.Text("   FD   TYPE"u8);
        Right(ref heading, "DEVICE", _deviceWidth);
        heading.Text(" SIZE/OFF NODE NAME"u8);
        output.End(heading);
        foreach (var (_, row, place) in _lines)
        {
            Utf8Line line;
            do
            {
                line = new Utf8Line(output.Begin());
                Write(ref line, listing[row], listing.Holders, place);
            }
            while (!output.End(line));
        }

        return _lines.Count;
    }

    private void Collect(SocketListing listing)
    {
        _lines.Clear();
        for (int index = 0; index < listing.Count; index++)
        {
            ref readonly var row = ref listing[index];
            // Of a TCP socket that is only bound lsof knows nothing.
            if (row.Detail is { Protocol: 6, State: TcpState.Closed })
                continue;
            for (int place = listing.Holders.First(row.Detail.Inode); place >= 0; place = listing.Holders.Next(place))
                _lines.Add(((ulong)listing.Holders.ProcessId(place) << 32 | (uint)listing.Holders.Descriptor(place), index, place));
        }

        _lines.Sort((left, right) => left.Key.CompareTo(right.Key));
    }

    private void Measure(SocketListing listing)
    {
        (_commandWidth, _processWidth, _userWidth, _deviceWidth) = (7, 3, 4, 6);
        Span<byte> scratch = stackalloc byte[16];
        foreach (var (_, row, place) in _lines)
        {
            var line = new Utf8Line(scratch);
            Command(ref line, listing.Holders.Name(place));
            _commandWidth = Math.Max(_commandWidth, line.Length);
            _processWidth = Math.Max(_processWidth, Digits(listing.Holders.ProcessId(place)));
            _userWidth = Math.Max(_userWidth, names.User(listing.Holders.UserId(place)).Length);
            _deviceWidth = Math.Max(_deviceWidth, Digits((long)listing[row].Detail.Inode));
        }
    }

    private void Write(ref Utf8Line line, in SocketRow row, SocketHolders holders, int place)
    {
        int start = line.Length;
        Command(ref line, holders.Name(place));
        SocketText.PadTo(ref line, start + _commandWidth);
        line.Character((byte)' ');
        SocketText.Number(ref line, (ulong)holders.ProcessId(place), _processWidth);
        Right(ref line, names.User(holders.UserId(place)), _userWidth);
        line.Character((byte)' ');
        int descriptor = holders.Descriptor(place);
        if (descriptor <= DescriptorMost)
        {
            SocketText.Number(ref line, (ulong)descriptor, 4);
        }
        else
        {
            line.Character((byte)'*');
            line.Padded((uint)descriptor % 1_000, 3);
        }

        // A socket is open for reading and writing: u.
        line.Text(row.IsIPv6 ? "u  IPv6 "u8 : "u  IPv4 "u8);
        SocketText.Number(ref line, row.Detail.Inode, _deviceWidth);
        line.Text(row.Detail.Protocol == 6 ? "      0t0  TCP "u8 : "      0t0  UDP "u8);
        Endpoint(ref line, row.Tuple.Local);
        if (!row.Tuple.Remote.IsUnknown)
        {
            line.Text("->"u8);
            Endpoint(ref line, row.Tuple.Remote);
        }

        line.Character((byte)' ');
        if (row.Detail.Protocol == 6)
            line.Text(State(row.Detail.State));
    }

    // At most nine columns of the name; what cannot be printed is written as lsof writes it: \x20, ^[.
    private static void Command(ref Utf8Line line, ReadOnlySpan<byte> name)
    {
        int start = line.Length;
        Span<byte> one = stackalloc byte[4];
        foreach (byte value in name)
        {
            var character = new Utf8Line(one);
            if (value is > 0x20 and < 0x7F)
            {
                character.Character(value);
            }
            else if (value < 0x20)
            {
                character.Character((byte)'^');
                character.Character((byte)(value + 0x40));
            }
            else
            {
                character.Text("\\x"u8);
                character.Hex(value, 2);
            }

            if (line.Length - start + character.Length > CommandMost)
                return;
            line.Text(character.Written);
        }
    }

    private static void Endpoint(ref Utf8Line line, Endpoint endpoint)
    {
        if (!endpoint.Address.IsUnspecified)
        {
            SocketText.Endpoint(ref line, endpoint);
            return;
        }

        line.Text("*:"u8);
        if (endpoint.Port == 0)
            line.Character((byte)'*');
        else
            line.Number((uint)endpoint.Port);
    }

    private static void Right(ref Utf8Line line, string text, int width)
    {
        line.Character((byte)' ');
        SocketText.PadTo(ref line, line.Length + width - text.Length);
        line.Text(text);
    }

    private static int Digits(long value) => value.ToString(CultureInfo.InvariantCulture).Length;

    // lsof has the kernel's names.
    private static ReadOnlySpan<byte> State(TcpState state) => state switch
    {
        TcpState.Listen => "(LISTEN)"u8,
        TcpState.SynSent => "(SYN_SENT)"u8,
        TcpState.SynRcvd => "(SYN_RECV)"u8,
        TcpState.Established => "(ESTABLISHED)"u8,
        TcpState.FinWait1 => "(FIN_WAIT1)"u8,
        TcpState.FinWait2 => "(FIN_WAIT2)"u8,
        TcpState.CloseWait => "(CLOSE_WAIT)"u8,
        TcpState.Closing => "(CLOSING)"u8,
        TcpState.LastAck => "(LAST_ACK)"u8,
        TcpState.TimeWait => "(TIME_WAIT)"u8,
        _ => "(CLOSE)"u8,
    };
}
