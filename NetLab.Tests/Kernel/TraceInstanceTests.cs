using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Kernel;

namespace NetLab.Tests.Kernel;

[Collection("Kernel")]
public class TraceInstanceTests
{
    [Fact]
    public void What_a_killed_run_left_is_swept_and_what_a_living_one_uses_is_not()
    {
        KernelAccess.RequireTrace();
        using var mount = TracefsMount.Open(out _)!;
        using var ended = Process.Start("true");
        ended.WaitForExit();
        string instances = mount.Path + "/instances/netlab-";
        string left = $"{instances}{ended.Id}-12345-1";
        string reused = $"{instances}{Environment.ProcessId}-1-1"; // this process's number, but an earlier start
        string living = $"{instances}{ProcessStart.Own.Text}-999";
        string foreign = $"{instances}of-somebody-else";
        string[] made = [left, reused, living, foreign];
        try
        {
            Assert.All(made, path => Assert.Equal(0, Mount.MakeDirectory(path)));
            Assert.Equal(0, FileDescriptor.WriteFile(left + "/events/sock/inet_sock_set_state/enable", "1"u8));
            TraceInstance.Sweep();

            Assert.False(Directory.Exists(left));
            Assert.False(Directory.Exists(reused));
            Assert.True(Directory.Exists(living));
            Assert.True(Directory.Exists(foreign));
        }
        finally
        {
            foreach (string path in made)
                Mount.RemoveDirectory(path);
        }
    }

    [Fact]
    public void A_mount_that_a_killed_run_left_is_taken_down()
    {
        KernelAccess.RequireTrace();
        KernelAccess.RequireRoot();
        using var ended = Process.Start("true");
        ended.WaitForExit();
        string path = $"/run/{TracefsMount.PrivatePrefix}{ended.Id}-12345";
        Assert.Equal(0, Mount.MakeDirectory(path));
        Assert.Equal(0, Mount.Attach("tracefs", path));
        TracefsMount.Sweep();

        Assert.False(Directory.Exists(path));
        Assert.DoesNotContain(path, File.ReadAllText("/proc/self/mounts"));
    }

    [Fact]
    public void Disposing_leaves_nothing()
    {
        KernelAccess.RequireTrace();
        using var mount = TracefsMount.Open(out _)!;
        string path;
        using (var instance = TraceInstance.Create(64, out var obstacle)!)
        {
            Assert.Null(obstacle);
            path = instance.Path;
            Assert.True(Directory.Exists(path));
        }

        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void Two_instances_side_by_side_see_each_the_same()
    {
        KernelAccess.RequireTrace();
        var (left, right) = (new Journal(), new Journal());
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        ushort port = (ushort)((IPEndPoint)listener.LocalEndpoint).Port;
        using var first = StateTraceSource.Start(left, new PortFilter(port), out _)!;
        using (var second = StateTraceSource.Start(right, new PortFilter(port), out _)!)
        {
            using var client = new TcpClient("127.0.0.1", port);
            second.Flush();
        }

        first.Flush();
        var seen = KernelEvents.Drain(right).Select(e => (e.Socket, e.Detail.State.From, e.Detail.State.To)).ToList();
        Assert.NotEmpty(seen);
        Assert.Equal(seen, KernelEvents.Drain(left).Take(seen.Count).Select(e => (e.Socket, e.Detail.State.From, e.Detail.State.To)));
    }

    [Fact]
    public void A_buffer_that_is_too_small_loses_events_and_says_how_many()
    {
        KernelAccess.RequireTrace();
        using var instance = TraceInstance.Create(8, out _)!;
        Assert.Null(instance.Enable("sock/inet_sock_set_state"));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        for (int count = 0; count < 500; count++)
        {
            using var client = new TcpClient("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
            listener.AcceptSocket().Dispose();
        }

        Assert.True(instance.Cpus.Sum(instance.Lost) > 1_000);
    }

    [Fact]
    public void A_process_that_has_ended_is_not_alive_and_a_name_is_read_back()
    {
        Assert.True(ProcessStart.Own.IsAlive);
        Assert.True(ProcessStart.TryParse(ProcessStart.Own.Text + "-3", out var own));
        Assert.Equal(ProcessStart.Own, own);
        Assert.False(ProcessStart.TryParse("of-somebody-else", out _));
        Assert.False(ProcessStart.TryParse("12", out _));
        using var ended = Process.Start("true");
        ended.WaitForExit();
        Assert.False(new ProcessStart(ended.Id, 0).IsAlive);
    }
}
