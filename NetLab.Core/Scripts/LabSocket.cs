using NetLab.Core.Interop;

namespace NetLab.Core.Scripts;

/// <summary>A socket that an actor made. Its own thread alone uses it; the lock keeps others from asking a descriptor that was just closed.</summary>
internal sealed class LabSocket(int actor, string name, string baseName, int fd, int family, SocketKind kind)
{
    private readonly Lock _lock = new();

    public string Name => name;

    public string BaseName => baseName;

    public int Fd => fd;

    public int Family => family;

    public SocketKind Kind => kind;

    public bool IsOpen { get; private set; } = true;

    public bool Listens { get; set; }

    /// <summary>Whether SO_LINGER was set to no time.</summary>
    public bool Resets { get; set; }

    public string? UnixFile { get; set; }

    public SocketReport Report { get; private set; } = new(actor, name, fd, SocketCalls.SocketInode(fd), default, default);

    /// <summary>Asks the kernel for both addresses.</summary>
    public unsafe bool LearnNames()
    {
        SocketAddress local = default, peer = default;
        uint localLength = SocketAddress.Capacity, peerLength = SocketAddress.Capacity;
        fixed (byte* pointer = local.Bytes)
            local.Length = SocketCalls.GetSockName(fd, pointer, &localLength) == 0 ? localLength : 0;
        fixed (byte* pointer = peer.Bytes)
            peer.Length = SocketCalls.GetPeerName(fd, pointer, &peerLength) == 0 ? peerLength : 0;
        local.TryGetEndpoint(out var localEnd);
        peer.TryGetEndpoint(out var peerEnd);
        var learned = Report with { Local = localEnd, Remote = peerEnd == default ? Report.Remote : peerEnd };
        bool isNew = learned != Report;
        Report = learned;
        return isNew;
    }

    public Errno Close()
    {
        lock (_lock)
        {
            if (!IsOpen)
                return Errno.EBADF;
            IsOpen = false;
            // Linux frees the descriptor even when close says EINTR.
            return SocketCalls.Close(fd) == 0 ? Errno.None : SocketCalls.LastError;
        }
    }

    /// <summary>The state that TCP_INFO tells, in the kernel's numbers; 0 if closed or no TCP.</summary>
    public unsafe byte KernelState()
    {
        lock (_lock)
        {
            byte state = 0;
            uint length = 1;
            return IsOpen && SocketCalls.GetSockOpt(fd, SocketConstants.IPPROTO_TCP, SocketConstants.TCP_INFO, &state, &length) == 0 ? state : (byte)0;
        }
    }
}
