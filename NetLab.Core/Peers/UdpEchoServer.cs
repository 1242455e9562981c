using System.Net;
using System.Net.Sockets;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>Sends each datagram back to where it came from (RFC 862 over UDP).</summary>
internal sealed class UdpEchoServer(PeerSpecification specification, PeerRecorder recorder, IPeerLog? log) : Peer(specification, recorder, log)
{
    private const int LargestDatagram = 65_535;
    private Socket? _socket;
    private Task _echoing = Task.CompletedTask;

    private protected override PeerRefusal? Begin()
    {
        if (PeerSockets.Bind(Specification, out var refusal) is not { } socket)
            return refusal;
        _socket = socket;
        var local = PeerSockets.EndpointOf(socket.LocalEndPoint);
        Named(local, local.Port);
        int descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        Recorder.Owns(NameId, Recorder.Intern("socket"), new FourTuple(local, default), descriptor,
            SocketCalls.SocketInode(descriptor), SocketConstants.IPPROTO_UDP);
        _echoing = Task.Run(() => EchoAsync(socket, descriptor));
        return null;
    }

    private protected override void End()
    {
        _socket?.Dispose();
        _socket = null;
        _echoing.Wait();
    }

    private async Task EchoAsync(Socket socket, int descriptor)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram, pinned: true);
        var from = new SocketAddressBox(socket.AddressFamily);
        while (true)
        {
            try
            {
                int count = await socket.ReceiveFromAsync(buffer, SocketFlags.None, from.Address).ConfigureAwait(false);
                var tuple = new FourTuple(Local, from.Endpoint);
                Counting.Datagram();
                Note(Recorder.Now, tuple, descriptor, Direction.Received, buffer.AsSpan(0, count));
                // Two echoes would answer each other for ever (RFC 862's well-known weakness): what comes from its own port is not answered.
                if (tuple.Remote.Port == tuple.Local.Port)
                {
                    Tell(PeerLogKind.Notice, tuple, "not answered: it comes from an echo's own port, and the two would answer each other for ever");
                    continue;
                }

                var time = Recorder.Now;
                await socket.SendToAsync(buffer.AsMemory(0, count), SocketFlags.None, from.Address).ConfigureAwait(false);
                Note(time, tuple, descriptor, Direction.Sent, buffer.AsSpan(0, count));
                Counting.Answered();
            }
            catch (SocketException error) when (error.SocketErrorCode != SocketError.OperationAborted)
            {
                // What ICMP says of an answer, or a datagram that this network does not take, is that client's loss alone.
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Note(Timestamp time, in FourTuple tuple, int descriptor, Direction direction, ReadOnlySpan<byte> bytes)
    {
        Counting.Moved(direction, bytes.Length);
        Recorder.Bytes(time, NameId, tuple, descriptor, direction, bytes);
    }

    /// <summary>The class library's socket address, by which a datagram's sender is kept without garbage.</summary>
    private sealed class SocketAddressBox(AddressFamily family)
    {
        public System.Net.SocketAddress Address { get; } = new(family);

        public Endpoint Endpoint => PeerSockets.EndpointOf(
            (family == AddressFamily.InterNetwork ? new IPEndPoint(IPAddress.Any, 0) : new IPEndPoint(IPAddress.IPv6Any, 0)).Create(Address));
    }
}
