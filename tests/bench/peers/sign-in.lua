-- People sign in one after another, each from an address of their own that the proxy this program plays
-- tells. The argument is how many people there are.
local threads = 0

function setup(thread)
  thread:set("thread", threads)
  threads = threads + 1
end

function init(args)
  people = tonumber(args[1])
  made = 0
end

function request()
  made = made + 1
  local number = (made * 2 + thread) % people
  local body = string.format(
    '{"email":"signs-in-%d@mail.example","password":"three horses and a paper boat","origin":{"program":"api"}}',
    number
  )
  local address = string.format("10.%d.%d.%d", thread, math.floor(made / 250) % 250, made % 250)
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json", ["X-Forwarded-For"] = address }, body)
end
