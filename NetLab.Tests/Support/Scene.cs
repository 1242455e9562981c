using System.Buffers.Binary;
using System.Text;
using NetLab.Core;
using NetLab.Core.Packets;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Core.Tcp;
using NetLab.Tui.App;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;
using ExecutionContext = NetLab.Core.ExecutionContext;
using Frame = NetLab.Tui.Widgets.Frame;

namespace NetLab.Tests.Support;

/// <summary>
/// A laboratory whose journal is written by hand, event by event, and the panes on it. Times are microseconds from its beginning. Nothing of it touches
/// the kernel.
/// </summary>
internal sealed class Scene : IDisposable
{
    public const int ListenerDescriptor = 3, ServerDescriptor = 4, ClientDescriptor = 5;
    private const int ServerThread = 11, ClientThread = 12, Process = 100;
    private static readonly Timestamp s_start = new(1_700_000_000_000_000_000);

    private readonly JournalWriter _packets, _states, _sockets;
    private readonly JournalWriter[] _actors;
    private long _number;

    public Scene(string script = "hello")
    {
        Lab = new Laboratory(() => Now, Duration.FromMilliseconds(250));
        Lab.Show(ScriptLibrary.LoadBuiltIn(script));
        Lab.View.Connections.Sources(trace: true, packets: true);
        _actors = [Lab.Journal.OpenWriter("server"), Lab.Journal.OpenWriter("client")];
        (_packets, _states, _sockets) = (Lab.Journal.OpenWriter("packets"), Lab.Journal.OpenWriter("states"), Lab.Journal.OpenWriter("sockets"));
    }

    public Laboratory Lab { get; }

    public Timestamp Now { get; set; } = s_start;

    public SharedCursor Cursor { get; } = new();

    public Foot Foot { get; } = new();

    public PaneContext Context => new(Lab, Now, Lab.Journal.Names) { Cursor = Cursor, Foot = Foot };

    public static Timestamp At(double microseconds) => s_start + new Duration((long)(microseconds * 1_000));

    public static FourTuple Client(ushort port = 45026) => new(new Endpoint(IpAddress.Loopback, port), new Endpoint(IpAddress.Loopback, 8000));

    public void Dispose() => Lab.Dispose();

    /// <summary>Takes everything in that was written.</summary>
    public Scene Fold()
    {
        Lab.View.Fold(Timestamp.MaxValue);
        return this;
    }

    /// <summary>The experiment "hello" as SCREENS.md sketches it: the server answers once and closes first.</summary>
    public Scene Hello(ushort port = 45026, double at = 0)
    {
        var client = Client(port);
        var server = client.Reversed;
        var listener = new FourTuple(server.Local, default);
        Call(0, "socket", -1, "AF_INET, SOCK_STREAM", ListenerDescriptor, at + 1, at + 3);
        Own(0, "listener", ListenerDescriptor, default, at + 3.5);
        Call(0, "bind", ListenerDescriptor, "127.0.0.1:8000", 0, at + 5, at + 7);
        Own(0, "listener", ListenerDescriptor, listener, at + 7.5);
        State(0, 1, TcpState.Closed, TcpState.Listen, ExecutionContext.Process, listener, at + 9);
        Call(0, "listen", ListenerDescriptor, "5", 0, at + 8, at + 10);
        Call(1, "socket", -1, "AF_INET, SOCK_STREAM", ClientDescriptor, at + 12, at + 13);
        Own(1, "socket", ClientDescriptor, default, at + 13.5);
        State(1, 2, TcpState.Closed, TcpState.SynSent, ExecutionContext.Process, new FourTuple(new Endpoint(IpAddress.Loopback, 0), client.Remote), at + 21);
        Packet(client, TcpFlags.Syn, 0, 0, 0, at + 24);
        Packet(server, TcpFlags.Syn | TcpFlags.Ack, 0, 1, 0, at + 26);
        State(1, 2, TcpState.SynSent, TcpState.Established, ExecutionContext.SoftInterrupt, client, at + 27);
        Packet(client, TcpFlags.Ack, 1, 1, 0, at + 31);
        State(1, 3, TcpState.Listen, TcpState.SynRcvd, ExecutionContext.SoftInterrupt, server, at + 32);
        State(1, 3, TcpState.SynRcvd, TcpState.Established, ExecutionContext.SoftInterrupt, server, at + 33);
        Call(1, "connect", ClientDescriptor, "127.0.0.1:8000", 0, at + 20, at + 36);
        Own(1, "socket", ClientDescriptor, client, at + 36.5);
        Call(0, "accept4", ListenerDescriptor, "", ServerDescriptor, at + 11, at + 40);
        Own(0, "connection", ServerDescriptor, server, at + 40.5);
        Packet(client, TcpFlags.Psh | TcpFlags.Ack, 1, 1, 37, at + 153);
        Packet(server, TcpFlags.Ack, 1, 38, 0, at + 155);
        Call(1, "sendto", ClientDescriptor, "\"GET / HTTP/1.1\\r\\n…\", 37", 37, at + 150, at + 158);
        Call(0, "recvfrom", ServerDescriptor, "4096", 37, at + 45, at + 170);
        Packet(server, TcpFlags.Psh | TcpFlags.Ack, 1, 38, 10, at + 190);
        Packet(client, TcpFlags.Ack, 38, 11, 0, at + 191);
        Call(0, "sendto", ServerDescriptor, "\"hello word\", 10", 10, at + 188, at + 193);
        Call(1, "recvfrom", ClientDescriptor, "4096", 10, at + 160, at + 198);
        State(0, 3, TcpState.Established, TcpState.FinWait1, ExecutionContext.Process, server, at + 203);
        Packet(server, TcpFlags.Fin | TcpFlags.Ack, 11, 38, 0, at + 204);
        State(1, 2, TcpState.Established, TcpState.CloseWait, ExecutionContext.SoftInterrupt, client, at + 205);
        Call(0, "close", ServerDescriptor, "", 0, at + 202, at + 207);
        Call(1, "recvfrom", ClientDescriptor, "4096", 0, at + 200, at + 210);
        State(1, 2, TcpState.CloseWait, TcpState.LastAck, ExecutionContext.Process, client, at + 220);
        Packet(client, TcpFlags.Fin | TcpFlags.Ack, 38, 12, 0, at + 221);
        State(1, 3, TcpState.FinWait1, TcpState.FinWait2, ExecutionContext.SoftInterrupt, server, at + 222);
        State(1, 3, TcpState.FinWait2, TcpState.Closed, ExecutionContext.SoftInterrupt, server, at + 223);
        Packet(server, TcpFlags.Ack, 12, 39, 0, at + 236);
        State(1, 2, TcpState.LastAck, TcpState.Closed, ExecutionContext.SoftInterrupt, client, at + 237);
        Call(1, "close", ClientDescriptor, "", 0, at + 219, at + 239);
        return Fold();
    }

    public void Call(int actor, string name, int descriptor, string arguments, long result, double began, double ended)
    {
        var step = Event(EventKind.Step, actor, began);
        (step.Detail.Step.ActorIndex, step.Detail.Step.StepIndex, step.Detail.Step.Status) = ((short)actor, 999, StepStatus.Running);
        string verb = name switch { "accept4" => "accept", "sendto" => "send", "recvfrom" => "recv", _ => name };
        _actors[actor].Append(step, Encoding.UTF8.GetBytes(verb));
        var entry = Event(EventKind.Syscall, actor, ended);
        ref var call = ref entry.Detail.Syscall;
        (call.Name, call.Phase, call.Descriptor, call.Result) = (Lab.Journal.Names.Intern(name), SyscallPhase.Returned, descriptor, result);
        call.Duration = At(ended) - At(began);
        _actors[actor].Append(entry, Encoding.UTF8.GetBytes(arguments));
    }

    public void Own(int actor, string socket, int descriptor, FourTuple tuple, double at)
    {
        var entry = Event(EventKind.Ownership, actor, at);
        entry.Tuple = tuple;
        (entry.Detail.Ownership.SocketName, entry.Detail.Ownership.Descriptor) = (Lab.Journal.Names.Intern(socket), descriptor);
        _actors[actor].Append(entry);
    }

    public void State(int thread, ulong socket, TcpState from, TcpState to, ExecutionContext context, FourTuple tuple, double at)
    {
        var entry = new LabEvent { Kind = EventKind.State, Time = At(at), Socket = socket, Tuple = tuple, ThreadId = thread == 0 ? ServerThread : ClientThread };
        entry.Detail.State = new StateDetail { From = from, To = to, Context = context };
        _states.Append(entry);
    }

    public void Packet(FourTuple tuple, TcpFlags flags, uint sequence, uint acknowledgment, int length, double at)
    {
        // Each side's numbers begin somewhere.
        uint own = tuple.Local.Port == 8000 ? 7000u : 3000u, other = 10_000 - own;
        var bytes = Bytes(tuple, flags, own + sequence, flags.HasFlag(TcpFlags.Ack) ? other + acknowledgment : 0, length);
        var entry = new LabEvent { Kind = EventKind.Packet, Time = At(at), Tuple = tuple, Provenance = Provenance.Observed };
        entry.Detail.Packet = new NetLab.Core.PacketDetail { Number = ++_number, OriginalLength = bytes.Length, LinkType = (ushort)LinkType.Raw };
        _packets.Append(entry, bytes);
    }

    public void Socket(RowChange change, FourTuple tuple, TcpState state, ulong inode, double at, string process = "netlab", int pid = Process, byte protocol = 6,
        Action<SocketDetailEditor>? edit = null)
    {
        var entry = new LabEvent
        {
            Kind = EventKind.Socket,
            Time = At(at),
            Tuple = tuple,
            ProcessId = pid,
            Process = Lab.Journal.Names.Intern(process),
            Provenance = Provenance.Sampled,
        };
        entry.Detail.Socket = new SocketDetail { Change = change, Protocol = protocol, State = state, Inode = inode, Descriptor = 7, UserId = 4_000_000_000 };
        if (edit is not null)
        {
            var editor = new SocketDetailEditor { Detail = entry.Detail.Socket };
            edit(editor);
            entry.Detail.Socket = editor.Detail;
        }

        _sockets.Append(entry);
    }

    public void Figures(FourTuple tuple, SocketFigures figures, double at) =>
        _sockets.Append(new LabEvent { Kind = EventKind.SocketFigures, Time = At(at), Tuple = tuple, Provenance = Provenance.Sampled }, figures.AsBytes());

    /// <summary>What a pane draws in a frame, as text.</summary>
    public string Draw(Pane pane, int columns, int rows, CharacterSet characters = CharacterSet.Unicode)
    {
        var buffer = new CellBuffer(columns, rows, characters);
        var inside = Frame.Draw(buffer.Canvas, default, default, pane.Title, pane.Note(Context));
        pane.Draw(inside, Context);
        pane.DrawFoot(buffer.Canvas.Slice(new Rectangle(1, rows - 1, columns - 2, 1)), Context);
        return string.Join('\n', ScreenDump.Lines(buffer));
    }

    /// <summary>Presses keys in a pane, drawing it after each as the interface does.</summary>
    public void Press(Pane pane, string keys, int columns = 118, int rows = 38)
    {
        foreach (char key in keys)
            Press(pane, key == '\r' ? KeyEvent.Of(Key.Enter) : KeyEvent.Of(key), columns, rows);
    }

    public void Press(Pane pane, KeyEvent key, int columns = 118, int rows = 38)
    {
        Draw(pane, columns, rows);
        if (!Foot.Take(key))
            pane.Take(key, Context);
        Draw(pane, columns, rows);
    }

    private LabEvent Event(EventKind kind, int actor, double at) => new()
    {
        Kind = kind,
        Time = At(at),
        Provenance = Provenance.Observed,
        Actor = Lab.Journal.Names.Intern(actor == 0 ? "server" : "client"),
        Process = Lab.Journal.Names.Intern("netlab"),
        ProcessId = Process,
        ThreadId = actor == 0 ? ServerThread : ClientThread,
    };

    private static byte[] Bytes(FourTuple tuple, TcpFlags flags, uint sequence, uint acknowledgment, int length)
    {
        byte[] bytes = new byte[40 + length];
        (bytes[0], bytes[8], bytes[9]) = (0x45, 64, 6);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)bytes.Length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(12), tuple.Local.Address.IPv4);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), tuple.Remote.Address.IPv4);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(20), tuple.Local.Port);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(22), tuple.Remote.Port);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(24), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(28), acknowledgment);
        (bytes[32], bytes[33]) = (0x50, (byte)flags);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(34), 512);
        bytes.AsSpan(40).Fill((byte)'x');
        return bytes;
    }
}

/// <summary>A row's facts while they are made.</summary>
internal sealed class SocketDetailEditor
{
    public SocketDetail Detail;
}
