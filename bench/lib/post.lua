-- Makes wrk post a form. Its two arguments are the `Accept` header and the body of the form.
init = function(args)
  wrk.method = "POST"
  wrk.headers["accept"] = args[1]
  wrk.headers["content-type"] = "application/x-www-form-urlencoded"
  wrk.body = args[2]
end
