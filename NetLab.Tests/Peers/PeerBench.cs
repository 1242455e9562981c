using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Peers;
using NetLab.Tests.Support;

namespace NetLab.Tests.Peers;

/// <summary>A running server on a free port of 127.0.0.1, its journal and its log.</summary>
internal sealed class PeerBench : IPeerLog, IDisposable
{
    private readonly List<PeerLogEntry> _log = [];

    public PeerBench(PeerSpecification specification) : this((recorder, log) => Peer.Create(specification, recorder, log))
    {
    }

    public PeerBench(Func<PeerRecorder, IPeerLog, Peer> create)
    {
        Peer = create(new PeerRecorder(Journal, () => KernelClock.Now), this);
        Assert.Null(Peer.Start());
    }

    public PeerBench(PeerKind kind) : this(new PeerSpecification(kind, "127.0.0.1", 0))
    {
    }

    public Journal Journal { get; } = new();

    public Peer Peer { get; }

    public PeerLogEntry[] Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    public void Write(in PeerLogEntry entry)
    {
        lock (_log)
            _log.Add(entry);
    }

    /// <summary>A blocking socket that is connected to the server; a receive that gets nothing fails after the tests' patience.</summary>
    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)PseudoTerminal.Patience.TotalMilliseconds };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, Peer.Local.Port));
        return socket;
    }

    /// <summary>Receives until the other side closes.</summary>
    public static byte[] ReadToEnd(Socket socket)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[65_536];
        while (socket.Receive(buffer) is > 0 and var count)
            all.Write(buffer, 0, count);
        return all.ToArray();
    }

    public static void Await(Func<bool> condition, string what)
    {
        long began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < PseudoTerminal.Patience, $"Waited in vain for {what}.");
            Thread.Yield();
        }
    }

    /// <summary>All bytes in the journal that went one way, in order, from the peer's side.</summary>
    public byte[] Recorded(Direction direction, Endpoint remote)
    {
        using var all = new MemoryStream();
        byte[] buffer = [];
        var reader = Journal.OpenReader();
        while (reader.TryRead(Timestamp.MaxValue, out var entry, out var reference))
        {
            if (entry.Kind != EventKind.Bytes || entry.Detail.Bytes.Direction != direction || entry.Tuple.Remote != remote)
                continue;
            Assert.True(Journal.TryGet(reference, ref buffer, out _, out var data));
            all.Write(data);
        }

        return all.ToArray();
    }

    /// <summary>How many of the peer's own sockets the journal knows.</summary>
    public int Owned()
    {
        int owned = 0;
        var reader = Journal.OpenReader();
        while (reader.TryRead(Timestamp.MaxValue, out var entry, out _))
            owned += entry.Kind == EventKind.Ownership && Journal.Names[entry.Actor] == Peer.Name && entry.Detail.Ownership.Inode != 0 ? 1 : 0;
        return owned;
    }

    public void Dispose() => Peer.Dispose();
}
